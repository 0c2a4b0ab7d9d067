import type { ArchivedEvent } from '../../domain/exported-event.ts'
import { type Fault, recordFault } from '../../domain/fault.ts'
import { archivedEvent, flatEvent, parseEvent } from '../../domain/flat-event.ts'
import type { EventId } from '../../domain/identifiers.ts'
import { cutForms } from './cut-forms.ts'
import type { EncodedEvent } from './encoded-event.ts'
import { bodyBytes } from './framing.ts'
import type { WebhookFormat } from './webhook-format.ts'

function encodedAs(format: WebhookFormat, form: ArchivedEvent, eventId: EventId): EncodedEvent {
  const { fields } = form.event
  const { memory } = fields
  const start = memory.length
  format.form.write(memory, fields, form)
  return { eventId, memory, start, end: memory.length }
}

const fits = ({ framing }: WebhookFormat, maxBytes: number, encoded: EncodedEvent): boolean =>
  bodyBytes(framing, [encoded]) <= maxBytes

/**
 * Encodes an event in a format. If too large for a request it is cut and marked (`cut-forms.ts`);
 * if still too large, it is a fault of its record.
 */
export function encodeEvent(
  format: WebhookFormat,
  maxBytes: number,
  archived: ArchivedEvent,
): EncodedEvent | Fault {
  const whole = encodedAs(format, archived, archived.event.eventId)
  if (fits(format, maxBytes, whole)) return whole
  const { event, ...place } = archived
  for (const { form, json } of cutForms(parseEvent(event))) {
    const cut = encodedAs(format, archivedEvent(flatEvent(form, json), place), event.eventId)
    if (fits(format, maxBytes, cut)) return cut
  }
  return recordFault(
    'tooLarge',
    `The event exceeds the limit of one webhook request (${maxBytes} bytes) even when cut: its ids alone are too long. Raise WEBHOOK_MAX_BYTES if the receiver allows it; the archive has the whole record.`,
  )
}
