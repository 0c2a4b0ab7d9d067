import type { ArchivedEvent } from '../domain/exported-event.ts'
import type { Fault } from '../domain/fault.ts'
import type { EventId } from '../domain/identifiers.ts'
import type { Refusals } from './send/refusals.ts'

/** A request, by what its receiver can find it under. */
export interface SentRequest {
  /** The webhook's `webhook-id`; for Log Analytics `x-ms-client-request-id`. */
  readonly id: string
  /** HTTP status of the answer; absent: none came. */
  readonly status?: number
  /** What it was to bring; absent: the whole delivery. */
  readonly eventIds?: readonly EventId[]
}

/**
 * What one attempt at one sink came to. Undelivered is what an event is until a sink says
 * otherwise. Each says what was sent, answered or not; nothing was where the attempt ended before
 * its first request.
 */
export type DeliveryOutcome =
  | { readonly status: 'delivered'; readonly requests?: readonly SentRequest[] }
  | {
      readonly status: 'partial'
      readonly failed: ReadonlyMap<EventId, Fault>
      readonly requests?: readonly SentRequest[]
    }
  | { readonly status: 'failed'; readonly fault: Fault; readonly requests?: readonly SentRequest[] }

export const DELIVERED: DeliveryOutcome = { status: 'delivered' }

export const failed = (fault: Fault): DeliveryOutcome => ({ status: 'failed', fault })

/** The most that one delivery may hold. */
export interface SinkLimits {
  readonly maxEvents: number
  /** Of the request's body before compression. */
  readonly maxBytes: number
}

/** An event in a sink's own form: ready-made, so that any number of attempts encode it once. */
export interface Encoded {
  readonly eventId: EventId
  /**
   * Part of the sink that accepts and refuses on its own, as a table; absent: the sink has no
   * parts.
   */
  readonly route?: string
}

/**
 * A destination.
 *
 * Promises, proved for every sink by `test/contract/sink-contract.ts`:
 * - `encode` never throws; an event that cannot fit `limits.maxBytes` is cut with a mark, or a
 *   fault `tooLarge` of scope `record`.
 * - `sizeOf` is the exact size of the request's body before compression, for any batch; it is
 *   monotonic, and
 *   `sizeOf([...a, ...b]) <= sizeOf(a) + sizeOf(b)`.
 * - `deliver` resolves, whatever the world does; it rejects only with an InvariantError. Event ids
 *   are unique within a batch
 *   and a batch is never empty.
 * - `deliver` stops promptly when `signal` aborts, with a fault `timeout` of scope `transient`.
 * - `check` does the nearest harmless thing to a delivery: nothing lands as data.
 * - No method retries, sleeps, logs or splits: wrappers do, for all sinks alike. The one exception:
 *   after a 401 a sink that gets
 *   tokens may ask for a new one and send again.
 */
export interface Sink<E extends Encoded = Encoded> {
  readonly name: string
  readonly limits: SinkLimits
  encode(event: ArchivedEvent): E | Fault
  sizeOf(batch: readonly E[]): number
  deliver(batch: readonly E[], signal: AbortSignal): Promise<DeliveryOutcome>
  check(signal: AbortSignal): Promise<Fault | undefined>
  /**
   * What this process saw it accept and refuse, shared by all flows; absent: each run starts
   * afresh.
   */
  readonly refusals?: Refusals
}
