import type { Time } from '../domain/time.ts'

/**
 * Identity Protection allows one request a second and tenant, for all apps together
 * ([throttling](https://learn.microsoft.com/graph/throttling-limits#identity-protection-and-conditional-access-service-limits)).
 */
const INTERVAL_MS = 1100

/** Lets one request begin at a time, each at least so long after the one before. */
export class Pace {
  readonly #time: Pick<Time, 'monotonicMs' | 'sleep'>
  readonly #intervalMs: number
  #freeAtMs = Number.NEGATIVE_INFINITY

  constructor(time: Pick<Time, 'monotonicMs' | 'sleep'>, intervalMs: number = INTERVAL_MS) {
    this.#time = time
    this.#intervalMs = intervalMs
  }

  /** Resolves when a request may begin, or as soon as `signal` aborts. */
  async turn(signal: AbortSignal): Promise<void> {
    const nowMs = this.#time.monotonicMs()
    const startMs = Math.max(nowMs, this.#freeAtMs)
    this.#freeAtMs = startMs + this.#intervalMs
    if (startMs > nowMs) await this.#time.sleep(startMs - nowMs, signal)
  }

  /** Nobody's turn comes before so many milliseconds from now. */
  pause(ms: number): void {
    this.#freeAtMs = Math.max(this.#freeAtMs, this.#time.monotonicMs() + ms)
  }
}
