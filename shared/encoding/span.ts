import type { ByteWriter } from './byte-writer.ts'

/** A range of bytes in a buffer; one `Buffer` per event would be much garbage. */
export interface Span {
  readonly memory: ByteWriter
  readonly start: number
  readonly end: number
}

export const spanBytes = ({ start, end }: Span): number => end - start

/** The text around and between the spans of a body; ASCII. */
export interface Framing {
  readonly open: string
  readonly separator: string
  readonly close: string
}

/** Size of a body of so many spans, with so many bytes together. */
export const framedBytes = ({ open, separator, close }: Framing, bytes: number, spans: number): number =>
  open.length + bytes + separator.length * Math.max(0, spans - 1) + close.length

/** Size of the body that `joinSpans` makes, in bytes. */
export const joinedBytes = (framing: Framing, spans: readonly Span[]): number =>
  framedBytes(
    framing,
    spans.reduce((sum, span) => sum + spanBytes(span), 0),
    spans.length,
  )

/** Index after the spans that lie one after another in memory, so many bytes apart. */
function runEnd(spans: readonly Span[], from: number, apart: number): number {
  for (let i = from + 1; i < spans.length; i += 1) {
    const [before, span] = [spans[i - 1] as Span, spans[i] as Span]
    if (span.memory !== before.memory || span.start !== before.end + apart) return i
  }
  return spans.length
}

/**
 * A body of spans. Those that lie one after another in memory, with room for a separator in
 * between, are copied at once.
 * @param memory where to put it; default: a buffer of its size
 */
export function joinSpans(framing: Framing, spans: readonly Span[], memory?: Buffer): Buffer {
  const bytes = joinedBytes(framing, spans)
  const body = memory?.subarray(0, bytes) ?? Buffer.allocUnsafe(bytes)
  const separator = Buffer.from(framing.separator)
  let at = body.write(framing.open)
  for (let i = 0; i < spans.length; ) {
    const end = runEnd(spans, i, separator.length)
    const { memory: source, start } = spans[i] as Span
    const { end: stop } = spans[end - 1] as Span
    if (i > 0) at += separator.length
    source.bytes.copy(body, at, start, stop)
    for (; i < end; i += 1)
      if (i > 0) body.set(separator, at + (spans[i] as Span).start - start - separator.length)
    at += stop - start
  }
  body.write(framing.close, at)
  return body
}
