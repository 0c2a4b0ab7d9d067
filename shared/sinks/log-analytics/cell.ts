import { quoted } from '../../encoding/quoted.ts'
import type { Cell, ColumnType } from './column.ts'
import { cutJson, cutText, exceeds } from './cut-value.ts'

/** JSON text of a cell of at most `maxBytes` of content, or `undefined` to leave it empty. */
export type CellWriter = (value: Cell, maxBytes: number) => string | undefined

const ISO_INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,7})?Z$/
const INT_MAX = 2 ** 31 - 1

const string: CellWriter = (value, maxBytes) => {
  if (value === undefined || value === null) return undefined
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return quoted(exceeds(text, maxBytes) ? cutText(text, maxBytes) : text)
}

const dynamic: CellWriter = (value, maxBytes) => {
  if (value === undefined || value === null) return undefined
  const json = typeof value === 'string' ? quoted(value) : JSON.stringify(value)
  return exceeds(json, maxBytes) ? cutJson(json, maxBytes) : json
}

const datetime: CellWriter = (value) =>
  typeof value === 'string' && ISO_INSTANT.test(value) ? `"${value}"` : undefined

const boolean: CellWriter = (value) => (typeof value === 'boolean' ? String(value) : undefined)

const number =
  (holds: (value: number) => boolean): CellWriter =>
  (value) =>
    typeof value === 'number' && holds(value) ? JSON.stringify(value) : undefined

/**
 * How cells of each type are written. What a column cannot hold leaves its cell empty rather than
 * make the service refuse the rows beside it: the archive has the value.
 */
export const CELL_WRITERS: Readonly<Record<ColumnType, CellWriter>> = {
  string,
  dynamic,
  datetime,
  boolean,
  int: number((value) => Number.isInteger(value) && Math.abs(value) <= INT_MAX),
  long: number(Number.isSafeInteger),
  real: number(Number.isFinite),
}
