import { type Framing, spanBytes } from '../../encoding/span.ts'
import { type LogRow, STREAMS } from './log-row.ts'
import { ROW_HEAD_BYTES, rowHead } from './row-writer.ts'

/** The rows of a delivery that go to one stream, in one request. */
export interface StreamRows {
  readonly stream: string
  readonly rows: readonly LogRow[]
}

/** Groups rows by stream, keeping their order. */
export function byStream(batch: readonly LogRow[]): readonly StreamRows[] {
  const groups = new Map<string, LogRow[]>()
  for (const row of batch) {
    const group = groups.get(row.route)
    if (group === undefined) groups.set(row.route, [row])
    else group.push(row)
  }
  return [...groups].map(([stream, rows]) => ({ stream, rows }))
}

/**
 * How rows make the body of a request: `[row,row,…]`.
 * @param sentAt ISO 8601 with milliseconds
 */
export function framingAt(sentAt: string): Framing {
  const head = rowHead(sentAt)
  return { open: `[${head}`, separator: `,${head}`, close: ']' }
}

const CLOSE_BYTES = 1

/** With the comma or the opening bracket before it. */
const rowBytes = (row: LogRow): number => 1 + ROW_HEAD_BYTES + spanBytes(row)

/** Bytes of the bodies of all requests of a delivery. */
export function bytesOf(batch: readonly LogRow[]): number {
  let bytes = batch.reduce((sum, row) => sum + rowBytes(row), 0)
  for (const stream of STREAMS) if (batch.some(({ route }) => route === stream)) bytes += CLOSE_BYTES
  return bytes
}
