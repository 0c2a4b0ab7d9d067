import type { DeliveryOutcome } from '../../delivery/sink.ts'
import type { ArchivedEvent } from '../../domain/exported-event.ts'
import type { Fault } from '../../domain/fault.ts'
import type { Answer } from './answer.ts'
import type { EncodedEvent } from './encoded-event.ts'
import type { Framing } from './framing.ts'
import type { WebhookFormatName } from './options.ts'

/** Text around the JSON of one event: together they are what the receiver is sent of it. */
export interface Wrapping {
  readonly before: string
  readonly after: string
}

/** All that tells one kind of receiver from another; pure. */
export interface WebhookFormat {
  readonly name: WebhookFormatName
  readonly framing: Framing
  /** Of every request, beside those of signature and compression. */
  readonly headers: Readonly<Record<string, string>>
  /** The harmless request that shows whether the receiver is there. */
  readonly probe: { readonly method: 'GET' | 'OPTIONS'; readonly url: URL }
  /** Whether the receiver says in the body of its answer what became of the events. */
  readonly readsBody: boolean
  /** What stands around an event's own JSON, which goes in as it is. */
  wrapping(archived: ArchivedEvent): Wrapping
  /** What an answer to a delivery means. */
  outcome(answer: Answer, batch: readonly EncodedEvent[]): DeliveryOutcome
  /** What an answer to the probe means; `undefined`: healthy. */
  health(answer: Answer): Fault | undefined
}
