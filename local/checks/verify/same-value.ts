import { isDeepStrictEqual } from 'node:util'
import { isObject, type Json, text } from './json.ts'

/** Smaller values need no truncation. */
const MAY_BE_CUT_BYTES = 2048
const CUT_TEXT = /…\[cut by risk-export: (\d+) bytes\]$/

/** Whether a cell holds a truncated value and states its full length. */
function isCut(cell: Json, whole: Json): boolean {
  const shown = isObject(cell) ? JSON.stringify(whole) : typeof whole === 'string' ? whole : ''
  const bytes = Buffer.byteLength(shown)
  if (bytes <= MAY_BE_CUT_BYTES) return false
  if (isObject(cell))
    return cell['cut'] === true && cell['bytes'] === bytes && shown.startsWith(text(cell['start']))
  const ranges = CUT_TEXT.exec(text(cell))
  return ranges !== null && Number(ranges[1]) === bytes && shown.startsWith(text(cell).slice(0, ranges.index))
}

const isNothing = (value: Json | undefined): boolean =>
  value === undefined ||
  value === null ||
  value === '' ||
  (isObject(value) && Object.keys(value).length === 0)

/**
 * Whether a receiver's value matches the archive: equal, absent for absent, or visibly truncated.
 */
export const isSame = (cell: Json | undefined, whole: Json | undefined): boolean =>
  isDeepStrictEqual(cell, whole) ||
  (isNothing(cell) && isNothing(whole)) ||
  (cell !== undefined && whole !== undefined && isCut(cell, whole))
