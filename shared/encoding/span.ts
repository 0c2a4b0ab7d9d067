import type { ByteWriter } from './byte-writer.ts'

/** A range of bytes in a buffer; one `Buffer` per event would be much garbage. */
export interface Span {
  readonly memory: ByteWriter
  readonly start: number
  readonly end: number
}

export const spanBytes = ({ start, end }: Span): number => end - start

/** Copies a span to `at`, and returns the offset after it. */
export function copySpan({ memory, start, end }: Span, target: Buffer, at: number): number {
  memory.bytes.copy(target, at, start, end)
  return at + end - start
}
