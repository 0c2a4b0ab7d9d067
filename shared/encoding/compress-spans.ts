import { BytePool } from './byte-pool.ts'
import { compress } from './compress.ts'
import { type Framing, joinedBytes, joinSpans, type Span } from './span.ts'

/** Enough for the requests of two sinks from a few chunks at a time. */
const bodies = new BytePool(8 * 1024 * 1024)

/** Joins and compresses spans. The body's memory is used again once it is compressed. */
export function compressSpans(
  framing: Framing,
  spans: readonly Span[],
): { readonly body: Buffer; readonly compressed: Promise<Buffer> } {
  const memory = bodies.take(joinedBytes(framing, spans))
  const body = joinSpans(framing, spans, memory)
  return { body, compressed: compress(body).finally(() => bodies.give(memory)) }
}
