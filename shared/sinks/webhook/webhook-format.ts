import type { DeliveryOutcome } from '../../delivery/sink.ts'
import type { EventFields } from '../../domain/event-fields.ts'
import type { ArchivedEvent } from '../../domain/exported-event.ts'
import type { Fault } from '../../domain/fault.ts'
import type { ByteWriter } from '../../encoding/byte-writer.ts'
import type { Answer } from './answer.ts'
import type { Destination } from './destination.ts'
import type { EncodedEvent } from './encoded-event.ts'

/** Writes one event of any kind; pure. A `Form` is one (`shared/domain/form.ts`). */
export interface EventEncoder {
  /**
   * @param out where to append; often `fields.memory` itself, so offsets into it, not views, stay
   * valid
   * @param fields the event's fields as JSON, `event` being all of them; of an event that was too
   * large, what is left of it
   * @param archived the same event, and its place in the archive
   */
  write(out: ByteWriter, fields: EventFields, archived: ArchivedEvent): void
}

/**
 * What distinguishes one kind of receiver from another; pure.
 *
 * A new format is a folder under `formats/` with one of these, an entry in `WEBHOOK_FORMATS`
 * (`shared/domain/webhook-formats.ts`: framings, content types, usual authentication) and one in
 * `formats/formats.ts`. URL, credentials, signature, compression, limits, retry and cutting are the
 * same for all, and no concern of a format.
 */
export interface WebhookFormat {
  readonly encoder: EventEncoder
  /** Of every request, besides content type, authentication and the operator's own. */
  readonly headers: Readonly<Record<string, string>>
  /** The harmless request that shows whether the receiver is reachable. */
  readonly probe: { readonly method: 'GET' | 'OPTIONS'; readonly url: URL }
  /**
   * Most bytes needed of an answer's body; 0: the status says it all, and the body is examined only
   * for being a web page.
   */
  readonly maxAnswerBytes: number
  /**
   * Whether an answer other than 401 and 403 refuses the credential, by its body; absent: none does.
   */
  refusesCredential?(answer: Answer): boolean
  /**
   * The outcome of a delivery, by its answer: `delivered` only if the receiver's protocol says so,
   * `partial` with the events that it did not accept (`isPerEvent` if it judges each by itself), or
   * `failed` with a fault of all. An event that the receiver holds already is delivered.
   */
  outcome(answer: Answer, batch: readonly EncodedEvent[]): DeliveryOutcome
  /** What an answer to the probe means; `undefined`: healthy. */
  health(answer: Answer): Fault | undefined
}

/** Makes a format for a destination. */
export type FormatOf = (destination: Destination) => WebhookFormat
