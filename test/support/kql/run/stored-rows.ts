import type { Json } from '../../../../shared/encoding/json.ts'
import type { Columns } from '../analyse.ts'
import type { Column, Row } from './model.ts'
import { NotCovered } from './not-covered.ts'
import { msOfTime, spanText } from './time-text.ts'
import { emptyOf, typeOf } from './values.ts'

/** A row of a table: when it became queryable, and its cells; times as ISO 8601, other columns empty. */
export interface ArrivedRow {
  readonly arrivedAt: string
  readonly cells: Readonly<Record<string, Json>>
}

/** Rows of tables by name. */
export type Rows = Readonly<Record<string, readonly ArrivedRow[]>>

/** A row of a result; times as ISO 8601 in ms, time spans as Kusto writes them. */
export type ResultRow = Readonly<Record<string, Json>>

export const columnsOf = (columns: Columns): readonly Column[] =>
  Object.entries(columns).map(([name, type]) => ({ name, type: typeOf(type) }))

const WRITTEN: Readonly<Record<string, string>> = { string: 'string', bool: 'boolean' }

const cellOf = (value: Json | undefined, { name, type }: Column): Json => {
  if (value === undefined || value === null) return emptyOf(type)
  if (type === 'dynamic') return value
  const cell = type === 'datetime' && typeof value === 'string' ? msOfTime(value) : value
  if (cell === undefined || typeof cell !== (WRITTEN[type] ?? 'number'))
    throw new NotCovered(`${JSON.stringify(value)} in the column ${name} of ${type}`)
  return cell
}

const stored = new WeakMap<ArrivedRow, Row>()

/** A row as queries read it. Rows are read at every run of a rule, and converted once. */
export const storedRow = (row: ArrivedRow, columns: readonly Column[]): Row => {
  const known = stored.get(row)
  if (known !== undefined) return known
  for (const name of Object.keys(row.cells))
    if (!columns.some((column) => column.name === name))
      throw new NotCovered(`no column ${name} in the table`)
  const made = {
    cells: columns.map((column) => cellOf(row.cells[column.name], column)),
    arrivedAt: Date.parse(row.arrivedAt),
  }
  stored.set(row, made)
  return made
}

export const resultRow = ({ cells }: Row, columns: readonly Column[]): ResultRow =>
  Object.fromEntries(
    columns.map(({ name, type }, i) => {
      const value = cells[i] ?? null
      if (typeof value !== 'number') return [name, value]
      if (type === 'datetime') return [name, new Date(value).toISOString()]
      return [name, type === 'timespan' ? spanText(value) : value]
    }),
  )
