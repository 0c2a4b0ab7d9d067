import type { ArchivedEvent } from '../domain/exported-event.ts'
import type { Fault } from '../domain/fault.ts'
import type { EventId } from '../domain/identifiers.ts'
import type { Refusals } from './send/refusals.ts'

/** A request, with the id under which the receiver logs it. */
export interface SentRequest {
  /** The webhook's `webhook-id`; for Log Analytics `x-ms-client-request-id`. */
  readonly id: string
  /** HTTP status of the answer; absent if none came. */
  readonly status?: number
  /** Events it carried; absent: the whole delivery. */
  readonly eventIds?: readonly EventId[]
}

/**
 * The outcome of one delivery attempt. An event counts as undelivered until the sink says
 * otherwise. Each outcome lists the requests sent, answered or not; none if the attempt ended
 * before the first.
 */
export type DeliveryOutcome =
  | { readonly status: 'delivered'; readonly requests?: readonly SentRequest[] }
  | {
      readonly status: 'partial'
      readonly failed: ReadonlyMap<EventId, Fault>
      /**
       * Whether each event was judged by itself; else a fault of several does not tell whose it is.
       */
      readonly isPerEvent?: true
      readonly requests?: readonly SentRequest[]
    }
  | { readonly status: 'failed'; readonly fault: Fault; readonly requests?: readonly SentRequest[] }

export const DELIVERED: DeliveryOutcome = { status: 'delivered' }

export const failed = (fault: Fault): DeliveryOutcome => ({ status: 'failed', fault })

/** Limits of one delivery. */
export interface SinkLimits {
  readonly maxEvents: number
  /** Bytes of the request body before compression. */
  readonly maxBytes: number
}

/** An event in a sink's own encoding, made once for any number of attempts. */
export interface Encoded {
  readonly eventId: EventId
  /** Part of the sink that accepts and refuses independently, such as a table; absent: no parts. */
  readonly route?: string
}

/**
 * A destination.
 *
 * Promises, proved for every sink by `test/sinks/every-sink.test.ts`:
 * - `encode` never throws; an event that cannot fit `limits.maxBytes` is cut and marked, or becomes
 * a fault `tooLarge` of scope `record`.
 * - `sizeOf` is the exact size of the request body before compression, for any batch; it is
 * monotonic, and `sizeOf([...a, ...b]) <= sizeOf(a) + sizeOf(b)`.
 * - `deliver` resolves whatever happens outside; it rejects only with an InvariantError. A batch is
 * never empty, and its event ids are unique.
 * - `deliver` stops promptly when `signal` aborts, with a fault `timeout` of scope `transient`.
 * - `check` does the nearest harmless thing to a delivery: no data is written.
 * - No method retries, sleeps, logs or splits; wrappers do that for all sinks. One exception: after
 * a 401, a sink that uses tokens may request a new one and send again.
 */
export interface Sink<E extends Encoded = Encoded> {
  readonly name: string
  readonly limits: SinkLimits
  encode(event: ArchivedEvent): E | Fault
  sizeOf(batch: readonly E[]): number
  /**
   * Makes the request of a batch before it is to be delivered: joined and compressed. All attempts
   * at this very batch send it. Absent: there is nothing to make.
   */
  ready?(batch: readonly E[]): void
  deliver(batch: readonly E[], signal: AbortSignal): Promise<DeliveryOutcome>
  check(signal: AbortSignal): Promise<Fault | undefined>
  /** Refusals this process has seen, shared by all flows; absent: each run starts afresh. */
  readonly refusals?: Refusals
}
