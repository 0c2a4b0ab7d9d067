import type { ArchiveLine } from './archive-line.ts'
import { expectedOf } from './expected.ts'
import type { KnownMessage } from './known-message.ts'
import { objectsIn, type SentRecord } from './split-body.ts'

/** The span of a message body that an archive line holds. */
export interface Span {
  readonly start: number
  readonly end: number
  readonly line: ArchiveLine
}

/** Escaped as a JSON string, without its quotes. */
const escaped = (content: Uint8Array): Buffer =>
  Buffer.from(JSON.stringify(Buffer.from(content).toString()).slice(1, -1))

/** The spans of consecutive lines. */
export function spansOf(
  { body, records, isComplete }: KnownMessage,
  lines: readonly ArchiveLine[],
): readonly Span[] {
  const spans: Span[] = []
  let from = 0
  const spanOf = (line: ArchiveLine): Span | undefined => {
    const isRecord = ({ start, bytes }: SentRecord): boolean =>
      start >= from && Buffer.compare(bytes, line.content) === 0
    const record = isComplete ? records[line.ordinal] : records.find(isRecord)
    if (record !== undefined && isRecord(record)) return { start: record.start, end: record.end, line }
    for (const bytes of [line.content, escaped(line.content)]) {
      const start = body.indexOf(bytes, from)
      if (start !== -1) return { start, end: start + bytes.length, line }
    }
    return undefined
  }
  for (const line of lines) {
    const span = spanOf(line)
    if (span === undefined) continue
    spans.push(span)
    from = span.end
  }
  return spans
}

/**
 * For a body that is not JSON: the byte ranges with a record of ours that is neither known nor
 * archived, and the number of records of other logs.
 */
export function restOf({ body, records }: KnownMessage, spans: readonly Span[]) {
  const missing: string[] = []
  let skipped = 0
  let from = records.at(-1)?.end ?? 0
  const look = (to: number): void => {
    for (const object of objectsIn(body.subarray(from, to))) {
      const { fate, says } = expectedOf(object)
      if (says.size > 0) missing.push(`bytes ${from} to ${to}`)
      else if (fate === 'skipped') skipped++
    }
  }
  for (const { start, end } of spans) {
    if (start > from) look(start)
    from = Math.max(from, end)
  }
  look(body.length)
  return { missing, skipped }
}
