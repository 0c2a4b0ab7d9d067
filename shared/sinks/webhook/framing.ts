import type { FramingName } from '../../domain/webhook-formats.ts'
import { copySpan, spanBytes } from '../../encoding/span.ts'
import type { EncodedEvent } from './encoded-event.ts'

/** The text around and between the events of a body; ASCII. */
export interface Framing {
  readonly open: string
  readonly separator: string
  readonly close: string
}

const NOTHING: Framing = { open: '', separator: '', close: '' }

export const FRAMINGS: Readonly<Record<FramingName, Framing>> = {
  array: { open: '[', separator: ',', close: ']' },
  ndjson: { open: '', separator: '\n', close: '\n' },
  single: NOTHING,
  concatenated: NOTHING,
}

/** Size of the body that `joinBody` makes, in bytes. */
export const bodyBytes = (framing: Framing, batch: readonly EncodedEvent[]): number =>
  batch.reduce((sum, e) => sum + spanBytes(e), framing.open.length + framing.close.length) +
  framing.separator.length * Math.max(0, batch.length - 1)

/** The body of a request, written into a buffer of its exact size. */
export function joinBody(framing: Framing, batch: readonly EncodedEvent[]): Buffer {
  const body = Buffer.allocUnsafe(bodyBytes(framing, batch))
  let at = body.write(framing.open, 0, 'latin1')
  for (const event of batch) {
    if (event !== batch[0]) at += body.write(framing.separator, at, 'latin1')
    at = copySpan(event, body, at)
  }
  body.write(framing.close, at, 'latin1')
  return body
}
