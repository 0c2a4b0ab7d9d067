import { quoted } from '../../encoding/quoted.ts'
import type { Cell, ColumnType } from './column.ts'
import { cutJson, cutText, exceeds } from './cut-value.ts'

/** JSON text of a cell with at most `maxBytes` of content; `undefined` for an empty cell. */
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
 * How each column type is written. A value that the column cannot hold leaves its cell empty, so
 * that the service does not refuse the other rows: the archive has the value.
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
