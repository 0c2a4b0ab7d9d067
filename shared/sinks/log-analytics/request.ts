import type { LogRow } from './log-row.ts'
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

const CLOSE = Buffer.from(']')

/**
 * The body of a request: `[row,row,…]`.
 * @param sentAt ISO 8601 with milliseconds
 */
export function bodyOf(rows: readonly LogRow[], sentAt: string): Buffer {
  const first = Buffer.from(`[${rowHead(sentAt)}`)
  const next = Buffer.from(`,${rowHead(sentAt)}`)
  const pieces: Buffer[] = []
  for (const { tail } of rows) pieces.push(pieces.length === 0 ? first : next, tail)
  pieces.push(CLOSE)
  return Buffer.concat(pieces)
}

/** Bytes of the bodies of all requests of a delivery. */
export function bytesOf(batch: readonly LogRow[]): number {
  const streams = new Set<string>()
  let bytes = 0
  for (const { route, tail } of batch) {
    streams.add(route)
    // A comma or the opening bracket precedes each row.
    bytes += 1 + ROW_HEAD_BYTES + tail.length
  }
  return bytes + streams.size * CLOSE.length
}
