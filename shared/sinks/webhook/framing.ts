import type { EncodedEvent } from './encoded-event.ts'

/** What stands around and between the events of a body; ASCII. */
export interface Framing {
  readonly open: string
  readonly separator: string
  readonly close: string
}

/** The body of a request. */
export const joinBody = (framing: Framing, batch: readonly EncodedEvent[]): Buffer =>
  Buffer.from(framing.open + batch.map((e) => e.text).join(framing.separator) + framing.close)

/** Exactly the bytes that `joinBody` makes. */
export const bodyBytes = (framing: Framing, batch: readonly EncodedEvent[]): number =>
  batch.reduce((sum, e) => sum + e.bytes, framing.open.length + framing.close.length) +
  framing.separator.length * Math.max(0, batch.length - 1)
