import type { ExportedEvent } from '../../domain/exported-event.ts'
import { InvariantError } from '../../domain/invariant-error.ts'
import { CELL_WRITERS } from './cell.ts'
import type { Archived, Table } from './column.ts'

/**
 * The row as JSON text without its beginning, which is the time of sending: from the comma after it to the closing brace.
 * Empty cells are left out. No cell holds more than `maxCellBytes` of UTF-8.
 */
export type RowWriter<E extends ExportedEvent> = (archived: Archived<E>, maxCellBytes: number) => string

/**
 * The beginning of every row that is sent at one instant; always of the same length.
 * @param sentAt ISO 8601 with milliseconds
 */
export const rowHead = (sentAt: string): string => `{"TimeGenerated":"${sentAt}"`

/** Bytes of `rowHead`, for any instant until the year 9999. */
export const ROW_HEAD_BYTES = rowHead(new Date(0).toISOString()).length

/** Compiles the declared columns of a table into a function that writes rows: no intermediate object, names quoted once. */
export function rowWriter<E extends ExportedEvent>(table: Table<E>): RowWriter<E> {
  const [time, ...others] = table.columns
  if (time?.name !== 'TimeGenerated' || time.value !== 'timeOfSending') {
    throw new InvariantError(`${table.name} does not begin with TimeGenerated, the time of sending`)
  }
  const columns = others.map(({ name, type, value }) => {
    if (value === 'timeOfSending')
      throw new InvariantError(`${table.name}: a second time of sending, ${name}`)
    return { prefix: `,${JSON.stringify(name)}:`, write: CELL_WRITERS[type], value }
  })
  return (archived, maxCellBytes) => {
    let text = ''
    for (const { prefix, write, value } of columns) {
      const cell = write(value(archived), maxCellBytes)
      if (cell !== undefined) text += prefix + cell
    }
    return `${text}}`
  }
}
