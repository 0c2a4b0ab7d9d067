import type { ArchivedEvent } from '../../domain/exported-event.ts'
import { type Fault, recordFault } from '../../domain/fault.ts'
import { archivedEvent, flatEvent, parseEvent } from '../../domain/flat-event.ts'
import { slabWithRoom } from '../../encoding/slab.ts'
import { cutForms } from './cut-forms.ts'
import type { EncodedEvent } from './encoded-event.ts'
import { bodyBytes } from './framing.ts'
import type { WebhookFormat } from './webhook-format.ts'

/**
 * Encodes an event in a format. If too large for a request it is cut and marked (`cut-forms.ts`);
 * if still too large, it is a fault of its record.
 */
export function encodeEvent(
  format: WebhookFormat,
  maxBytes: number,
  archived: ArchivedEvent,
): EncodedEvent | Fault {
  const made = (form: ArchivedEvent): EncodedEvent | undefined => {
    const slab = slabWithRoom()
    const start = slab.length
    format.form.write(slab, form.event.fields, form)
    const encoded = { eventId: archived.event.eventId, json: slab.since(start) }
    return bodyBytes(format.framing, [encoded]) <= maxBytes ? encoded : undefined
  }
  const { event, ...place } = archived
  const whole = made(archived)
  if (whole !== undefined) return whole
  for (const { form, json } of cutForms(parseEvent(event))) {
    const cut = made(archivedEvent(flatEvent(form, json), place))
    if (cut !== undefined) return cut
  }
  return recordFault(
    'tooLarge',
    `The event exceeds the limit of one webhook request (${maxBytes} bytes) even when cut: its ids alone are too long. Raise WEBHOOK_MAX_BYTES if the receiver allows it; the archive has the whole record.`,
  )
}
