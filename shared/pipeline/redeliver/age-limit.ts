import { pendingSince, type StoredRow } from '../../delivery/outbox/outbox.ts'
import { sinkFault } from '../../domain/fault.ts'
import { type Instant, instant } from '../../domain/identifiers.ts'
import type { Time } from '../../domain/time.ts'

/** Why a pending delivery is given up. */
export const EXPIRED = sinkFault(
  'deliveryExpired',
  'The sink did not accept the event within DELIVERY_MAX_AGE_HOURS. Fix the sink, then retry the dead letter or replay.',
)

type Aged = Pick<StoredRow, 'firstTriedAt' | 'enqueuedAt' | 'writtenAt'>

/** How long wall and monotonic clock must agree before an age is believed. */
const STEADY_MS = 60_000
/** Reading two clocks in turn makes a smaller difference. */
const TOLERANCE_MS = 1000

/**
 * How long a delivery may be pending. An age is believed only once two readings of the wall clock,
 * a minute apart by the monotonic one, agree: a clock that is briefly wrong, or new to this
 * process, dead-letters nothing. One per process.
 */
export class AgeLimit {
  readonly #maxAgeMs: number
  readonly #time: Pick<Time, 'now' | 'monotonicMs'>
  #lastLook: { readonly wallMs: number; readonly monotonicMs: number }
  #steadySinceMs: number

  constructor(maxAgeMs: number, time: Pick<Time, 'now' | 'monotonicMs'>) {
    this.#maxAgeMs = maxAgeMs
    this.#time = time
    this.#lastLook = { wallMs: time.now(), monotonicMs: time.monotonicMs() }
    this.#steadySinceMs = this.#lastLook.monotonicMs
  }

  /** Whether a pending delivery is past the age limit. */
  isPast(row: Aged): boolean {
    return this.#seemsPast(row) && this.#untilSteadyMs === 0
  }

  /**
   * Milliseconds until a delivery that seems past the age limit is believed to be; `undefined` for
   * any other.
   */
  doubtMs(row: Aged): number | undefined {
    return this.#seemsPast(row) && this.#untilSteadyMs > 0 ? this.#untilSteadyMs : undefined
  }

  /** When a pending delivery passes the age limit. */
  endsAt(row: Aged): Instant {
    return instant(pendingSince(row, this.#time.now()) + this.#maxAgeMs + 1)
  }

  get #untilSteadyMs(): number {
    return Math.max(0, this.#steadySinceMs + STEADY_MS - this.#lastLook.monotonicMs)
  }

  #seemsPast(row: Aged): boolean {
    const { wallMs, monotonicMs } = this.#lastLook
    const look = { wallMs: this.#time.now(), monotonicMs: this.#time.monotonicMs() }
    const wentMs = look.monotonicMs - monotonicMs
    if (Math.abs(look.wallMs - wallMs - wentMs) > TOLERANCE_MS) this.#steadySinceMs = look.monotonicMs
    this.#lastLook = look
    return look.wallMs >= this.endsAt(row)
  }
}
