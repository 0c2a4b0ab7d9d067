import { isBetween } from '../encoding/bytes-at.ts'
import { BACKSLASH, QUOTE, SPACE } from '../encoding/json-bytes.ts'
import { parseText } from '../encoding/written-json.ts'
import { isBlank } from './scalars.ts'

const NULL = Buffer.from('null')
const MARKED_NULL = Buffer.from('"<null>"')

/** Whether a value, given as JSON bytes, means none: null, or a text as of `isBlank`. */
export function isBlankAt(bytes: Buffer, start: number, end: number): boolean {
  if (bytes[start] !== QUOTE) return isBetween(bytes, start, end, NULL)
  const first = bytes[start + 1] ?? 0
  if (first === QUOTE) return true
  if (first <= SPACE || first === BACKSLASH) return isBlank(parseText(bytes.toString('utf8', start, end)))
  return isBetween(bytes, start, end, MARKED_NULL)
}
