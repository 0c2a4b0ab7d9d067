import type { ExportedEvent } from '../../domain/exported-event.ts'
import { InvariantError } from '../../domain/invariant-error.ts'
import { CELL_WRITERS } from './cell.ts'
import type { Archived, Cell, Column, Table } from './column.ts'

/**
 * The row as JSON text without its beginning, which is the time of sending: from the comma after it
 * to the closing brace. Empty cells are left out. No cell holds more than `maxCellBytes` of UTF-8.
 */
export type RowWriter<E extends ExportedEvent> = (archived: Archived<E>, maxCellBytes: number) => string

/**
 * The beginning of every row that is sent at one instant; always of the same length.
 * @param sentAt ISO 8601 with milliseconds
 */
export const rowHead = (sentAt: string): string => `{"TimeGenerated":"${sentAt}"`

/** Bytes of `rowHead`, for any instant until the year 9999. */
export const ROW_HEAD_BYTES = rowHead(new Date(0).toISOString()).length

/** Longer values are not remembered: they hardly repeat. */
const MAX_KNOWN_LENGTH = 64

const mayRepeat = (value: Cell): boolean =>
  typeof value === 'string' ? value.length <= MAX_KNOWN_LENGTH : typeof value !== 'object'

/**
 * A column as rows have it: its name and the cell, or nothing where the cell is empty. Most values
 * are those of the row before.
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

/**
 * Compiles the declared columns of a table into a function that writes rows: no intermediate
 * object, names quoted once.
 */
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
