import type { Encoded, Sink } from '../../shared/delivery/sink.ts'
import type { RecordedRequest } from '../support/scripted-server.ts'

/** Where a sink under test must deliver. */
export interface SinkTarget {
  /** `https://host:port` */
  readonly origin: string
  /** The authority that the sink must trust, and no other. */
  readonly caPem: string
  /** Stands still. */
  readonly nowMs: () => number
}

/**
 * Makes a sink that delivers to the target and authenticates with every one of
 * `SinkTraits.secrets`.
 */
export type StartSink<E extends Encoded> = (target: SinkTarget) => Sink<E> | Promise<Sink<E>>

/** In what sinks may differ. */
export interface SinkTraits {
  /** Statuses that mean delivered; the first is what a healthy receiver answers. */
  readonly delivered: readonly [number, ...number[]]
  /**
   * The body without which they mean nothing, or how it is made of the request's; empty: they mean
   * it by themselves.
   */
  readonly saysWhenDelivered: string | ((requestBody: string) => string)
  /** The same for the answer to a check. */
  readonly saysWhenChecked: string
  /** Statuses 2xx that are no such answer. */
  readonly notDelivered: readonly number[]
  /** Statuses after which it asks once more, with what it got anew for that. */
  readonly askedAgain: readonly number[]
  /**
   * What lets the receiver drop a repeated request or its events: its idempotency keys; none for a
   * request that lands no data.
   */
  readonly idempotencyKeys: (request: RecordedRequest) => readonly string[]
  /** Header by which the receiver can find a request again. */
  readonly requestIdHeader: string
  /** Another sink that connects by the same code, and is tried for that in its place. */
  readonly connectsLike?: string
  /** What may appear nowhere but in requests. */
  readonly secrets: readonly string[]
}

/** The time that stands still: a Sunday. */
export const CONTRACT_NOW_MS = Date.parse('2026-03-01T12:00:00.000Z')
