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

/**
 * For how long the wall clock must have kept step with the monotonic one before an age is believed.
 */
const STEADY_MS = 60_000
/** Two clocks that are read one after the other differ by less. */
const TOLERANCE_MS = 1000

/**
 * How long a pending delivery may be pending. An age is believed only once two looks at the wall
 * clock, a minute apart by the monotonic one, agree: a clock that is wrong for seconds, or that
 * this process has only just met, dead-letters nothing. One per process.
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
   * How long it takes until a pending delivery that seems to be past the age limit is believed to
   * be; `undefined` for any other.
   */
  doubtMs(row: Aged): number | undefined {
    return this.#seemsPast(row) && this.#untilSteadyMs > 0 ? this.#untilSteadyMs : undefined
  }

  /** From when on a pending delivery is past the age limit. */
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
