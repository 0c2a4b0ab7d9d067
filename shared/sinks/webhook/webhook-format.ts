import type { DeliveryOutcome } from '../../delivery/sink.ts'
import type { Fault } from '../../domain/fault.ts'
import type { Form } from '../../domain/form.ts'
import type { Answer } from './answer.ts'
import type { EncodedEvent } from './encoded-event.ts'
import type { Framing } from './framing.ts'
import type { WebhookFormatName } from './options.ts'

/** What distinguishes one kind of receiver from another; pure. */
export interface WebhookFormat {
  readonly name: WebhookFormatName
  readonly framing: Framing
  /** Of every request, besides those of signature and compression. */
  readonly headers: Readonly<Record<string, string>>
  /** The harmless request that shows whether the receiver is reachable. */
  readonly probe: { readonly method: 'GET' | 'OPTIONS'; readonly url: URL }
  /** Whether the answer's body says what became of the events. */
  readonly readsBody: boolean
  /** How an event is written, with its own JSON unchanged. */
  readonly form: Form
  /** The outcome of a delivery, by its answer. */
  outcome(answer: Answer, batch: readonly EncodedEvent[]): DeliveryOutcome
  /** What an answer to the probe means; `undefined`: healthy. */
  health(answer: Answer): Fault | undefined
}
