import type { ArchivedEvent, ExportedEvent } from '../../domain/exported-event.ts'
import { type Fault, recordFault } from '../../domain/fault.ts'
import { utf8 } from '../../encoding/utf8-slab.ts'
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
  const made = (event: ExportedEvent, dataJson: Buffer): EncodedEvent => {
    const { before, after } = format.wrapping({ ...archived, event })
    return { eventId: archived.event.eventId, json: utf8(before, dataJson, after) }
  }
  const fits = (encoded: EncodedEvent): boolean => bodyBytes(format.framing, [encoded]) <= maxBytes
  const whole = made(archived.event, archived.eventJson)
  if (fits(whole)) return whole
  for (const { form, json } of cutForms(archived.event)) {
    const cut = made(form, json)
    if (fits(cut)) return cut
  }
  return recordFault(
    'tooLarge',
    `The event exceeds the limit of one webhook request (${maxBytes} bytes) even when cut: its ids alone are too long. Raise WEBHOOK_MAX_BYTES if the receiver allows it; the archive has the whole record.`,
  )
}
