import type { ExportedEvent } from '../../domain/exported-event.ts'
import { InvariantError } from '../../domain/invariant-error.ts'
import { CELL_WRITERS } from './cell.ts'
import type { Archived, Cell, Column, Table } from './column.ts'

/**
 * Writes a row's JSON text after its time of sending, from the comma to the closing brace. Empty
 * cells are omitted; no cell exceeds `maxCellBytes` of UTF-8.
 */
export type RowWriter<E extends ExportedEvent> = (archived: Archived<E>, maxCellBytes: number) => string

/**
 * The beginning of all rows sent at one instant; its length is constant.
 * @param sentAt ISO 8601 with milliseconds
 */
export const rowHead = (sentAt: string): string => `{"TimeGenerated":"${sentAt}"`

/** Bytes of `rowHead`, for any instant until the year 9999. */
export const ROW_HEAD_BYTES = rowHead(new Date(0).toISOString()).length

/** Longer values rarely repeat, and are not cached. */
const MAX_KNOWN_LENGTH = 64

const mayRepeat = (value: Cell): boolean =>
  typeof value === 'string' ? value.length <= MAX_KNOWN_LENGTH : typeof value !== 'object'

/**
 * Writes a column's name and cell, or nothing if empty. Most values equal those of the previous
 * row.
 */
function memberWriter<E extends ExportedEvent>({ name, type, value: cellOf }: Column<E>): RowWriter<E> {
  if (cellOf === 'timeOfSending') throw new InvariantError(`a second time of sending, ${name}`)
  const prefix = `,${JSON.stringify(name)}:`
  const write = CELL_WRITERS[type]
  let known: Cell
  let knownText = ''
  return (archived, maxCellBytes) => {
    const value = cellOf(archived)
    if (value === known) return knownText
    const cell = write(value, maxCellBytes)
    const text = cell === undefined ? '' : prefix + cell
    if (mayRepeat(value)) {
      known = value
      knownText = text
    }
    return text
  }
}

/** Compiles a table's columns into a row writer: no intermediate object, names quoted once. */
export function rowWriter<E extends ExportedEvent>(table: Table<E>): RowWriter<E> {
  const [time, ...others] = table.columns
  if (time?.name !== 'TimeGenerated' || time.value !== 'timeOfSending') {
    throw new InvariantError(`${table.name} does not begin with TimeGenerated, the time of sending`)
  }
  const members = others.map(memberWriter)
  return (archived, maxCellBytes) => {
    let text = ''
    for (const member of members) text += member(archived, maxCellBytes)
    return `${text}}`
  }
}
