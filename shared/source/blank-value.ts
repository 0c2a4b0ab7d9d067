import { BACKSLASH, QUOTE, SPACE } from '../encoding/json-bytes.ts'
import { parseAt } from '../encoding/written-json.ts'
import { isBlank } from './scalars.ts'

const NULL = Buffer.from('null')
const MARKED_NULL = Buffer.from('"<null>"')

function isEqual(bytes: Buffer, start: number, end: number, to: Buffer): boolean {
  if (end - start !== to.length) return false
  for (let i = 0; i < to.length; i += 1) if (bytes[start + i] !== to[i]) return false
  return true
}

/** `isBlank` for a value given as JSON bytes. */
export function isBlankAt(bytes: Buffer, start: number, end: number): boolean {
  if (bytes[start] !== QUOTE) return isEqual(bytes, start, end, NULL)
  const first = bytes[start + 1] ?? 0
  if (first === QUOTE) return true
  if (first <= SPACE || first === BACKSLASH) return isBlank(parseAt(bytes, start, end))
  return isEqual(bytes, start, end, MARKED_NULL)
}
