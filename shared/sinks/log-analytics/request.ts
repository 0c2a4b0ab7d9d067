import type { LogRow } from './log-row.ts'
import { rowHead } from './row-writer.ts'

/** The rows of a delivery that go to one stream, in one request. */
export interface StreamRows {
  readonly stream: string
  readonly rows: readonly LogRow[]
}

/** Groups rows by stream; their order is kept. */
export function byStream(batch: readonly LogRow[]): readonly StreamRows[] {
  const groups = new Map<string, LogRow[]>()
  for (const row of batch) {
    const group = groups.get(row.stream)
    if (group === undefined) groups.set(row.stream, [row])
    else group.push(row)
  }
  return [...groups].map(([stream, rows]) => ({ stream, rows }))
}

/**
 * The body of a request: `[row,row,…]`.
 * @param sentAt ISO 8601 with milliseconds
 */
export function bodyOf(rows: readonly LogRow[], sentAt: string): string {
  const head = rowHead(sentAt)
  let body = ''
  for (const { tail } of rows) body += (body === '' ? '[' : ',') + head + tail
  return `${body}]`
}

/** Bytes of the bodies of all requests that a delivery takes: rows, commas and brackets. */
export function bytesOf(batch: readonly LogRow[]): number {
  const streams = new Set<string>()
  let bytes = 0
  for (const row of batch) {
    streams.add(row.stream)
    bytes += row.bytes
  }
  // n rows of a stream have n − 1 commas and two brackets.
  return bytes + batch.length + streams.size
}
