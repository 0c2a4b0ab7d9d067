import { type EventFields, type Slot, slotOf } from '../../domain/event-fields.ts'
import { InvariantError } from '../../domain/invariant-error.ts'
import type { ByteWriter } from '../../encoding/byte-writer.ts'
import { isJsonObject } from '../../encoding/json.ts'
import { CLOSE_OBJECT } from '../../encoding/json-bytes.ts'
import { Literal } from '../../encoding/literal.ts'
import { CELL_WRITERS } from './cell.ts'
import type { Column, Table } from './column.ts'

/**
 * Writes into an event's memory its row's JSON text after its time of sending, from the comma to the closing brace. Empty
 * cells are omitted; no cell exceeds `maxCellBytes` of UTF-8.
 */
export type RowWriter = (event: EventFields, maxCellBytes: number, isBackfilled: boolean) => void

/**
 * The beginning of all rows sent at one instant; its length is constant.
 * @param sentAt ISO 8601 with milliseconds
 */
export const rowHead = (sentAt: string): string => `{"TimeGenerated":"${sentAt}"`

/** Room for a comma and a `rowHead` of any instant until the year 9999. */
export const HEAD_ROOM = new Literal(`,${rowHead(new Date(0).toISOString())}`)
export const ROW_HEAD_BYTES = HEAD_ROOM.length - 1

const LETTER_N = 0x6e

const prefixOf = ({ name }: Column): Literal => new Literal(`,${JSON.stringify(name)}:`)

function writeCell(out: ByteWriter, prefix: Literal, cell: string | undefined): void {
  if (cell === undefined) return
  out.literal(prefix)
  out.text(cell)
}

/** Writes a column's name and cell, or nothing if it is empty. */
function fieldWriter(column: Column, slot: Slot): RowWriter {
  const prefix = prefixOf(column)
  const write = CELL_WRITERS[column.type]
  return (event, maxCellBytes) => {
    const start = event.start(slot)
    if (start < 0) return
    const end = event.end(slot)
    const { memory } = event
    const isNull = memory.bytes[start] === LETTER_N
    if (isNull) return
    if (end - start <= maxCellBytes) {
      memory.literal(prefix)
      memory.copy(memory, start, end)
      return
    }
    writeCell(memory, prefix, write(event.parse(slot), maxCellBytes))
  }
}

/** The same for a member of an object. */
function memberWriter(column: Column, content: Slot, member: string): RowWriter {
  const prefix = prefixOf(column)
  const write = CELL_WRITERS[column.type]
  const path = member.split('.')
  return (event, maxCellBytes) => {
    let value = event.parse(content)
    for (const name of path) value = isJsonObject(value) ? value[name] : undefined
    writeCell(event.memory, prefix, write(value, maxCellBytes))
  }
}

function markWriter(column: Column): RowWriter {
  const prefix = prefixOf(column)
  return ({ memory }, _, isBackfilled) => {
    if (isBackfilled) writeCell(memory, prefix, 'true')
  }
}

function cellWriter(column: Column): RowWriter {
  const { name, from } = column
  if (from === 'timeOfSending') throw new InvariantError(`a second time of sending, ${name}`)
  if (from === 'isBackfilled') return markWriter(column)
  return typeof from === 'string'
    ? fieldWriter(column, slotOf(from))
    : memberWriter(column, slotOf(from.content), from.member)
}

/** Compiles a table's columns into a row writer: names quoted once, cells copied from the event. */
export function rowWriter(table: Table): RowWriter {
  const [time, ...others] = table.columns
  if (time?.name !== 'TimeGenerated' || time.from !== 'timeOfSending') {
    throw new InvariantError(`${table.name} does not begin with TimeGenerated, the time of sending`)
  }
  const cells = others.map(cellWriter)
  return (event, maxCellBytes, isBackfilled) => {
    for (const cell of cells) cell(event, maxCellBytes, isBackfilled)
    event.memory.byte(CLOSE_OBJECT)
  }
}
