import type { ArchivedEvent } from '../../domain/exported-event.ts'
import { type Fault, recordFault } from '../../domain/fault.ts'
import { archivedEvent, flatEvent, parseEvent, recordsWith } from '../../domain/flat-event.ts'
import type { EventId } from '../../domain/identifiers.ts'
import { type Framing, framedBytes, spanBytes } from '../../encoding/span.ts'
import { cutForms } from './cut-forms.ts'
import type { EncodedEvent } from './encoded-event.ts'
import type { Redact } from './redact.ts'
import type { EventEncoder } from './webhook-format.ts'

/** How the events of a destination are written. */
export interface Encoding {
  readonly encoder: EventEncoder
  readonly framing: Framing
  readonly maxBytes: number
  readonly redact: Redact
  readonly settingsPrefix: string
}

function encodedAs({ encoder, framing }: Encoding, form: ArchivedEvent, eventId: EventId): EncodedEvent {
  const { fields } = form.event
  const { memory } = fields
  memory.ascii(framing.separator)
  const start = memory.length
  encoder.write(memory, fields, form)
  return { eventId, memory, start, end: memory.length }
}

const fits = ({ framing, maxBytes }: Encoding, encoded: EncodedEvent): boolean =>
  framedBytes(framing, spanBytes(encoded), 1) <= maxBytes

/**
 * Encodes an event in a format. If too large for a request it is cut and marked (`cut-forms.ts`);
 * if still too large, it is a fault of its record.
 */
export function encodeEvent(encoding: Encoding, original: ArchivedEvent): EncodedEvent | Fault {
  const { maxBytes, settingsPrefix } = encoding
  const { eventId } = original.event
  const { archived, marks } = encoding.redact(original)
  const whole = encodedAs(encoding, archived, eventId)
  if (fits(encoding, whole)) return whole
  const { event, ...place } = archived
  for (const { form, json } of cutForms(parseEvent(event), marks)) {
    const cut = encodedAs(
      encoding,
      archivedEvent(flatEvent(form, json), place, recordsWith(original)),
      eventId,
    )
    if (fits(encoding, cut)) return cut
  }
  return recordFault(
    'tooLarge',
    `The event exceeds the limit of one webhook request (${maxBytes} bytes) even when cut: its ids alone are too long. Raise ${settingsPrefix}MAX_BYTES if the receiver allows it; the archive has the whole record.`,
  )
}
