import type { Time } from '../domain/time.ts'

/**
 * Identity Protection allows one request per second and tenant, across all apps
 * ([throttling](https://learn.microsoft.com/graph/throttling-limits#identity-protection-and-conditional-access-service-limits)).
 */
const INTERVAL_MS = 1100

/** Spaces the starts of requests by a minimum interval. */
export class RateLimiter {
  readonly #time: Pick<Time, 'monotonicMs' | 'sleep'>
  readonly #intervalMs: number
  #freeAtMs = Number.NEGATIVE_INFINITY

  constructor(time: Pick<Time, 'monotonicMs' | 'sleep'>, intervalMs: number = INTERVAL_MS) {
    this.#time = time
    this.#intervalMs = intervalMs
  }

  /** Resolves when a request may begin, or as soon as `signal` aborts. */
  async acquire(signal: AbortSignal): Promise<void> {
    const nowMs = this.#time.monotonicMs()
    const startMs = Math.max(nowMs, this.#freeAtMs)
    this.#freeAtMs = startMs + this.#intervalMs
    if (startMs > nowMs) await this.#time.sleep(startMs - nowMs, signal)
  }

  /** Delays all further turns by at least this long from now. */
  pause(ms: number): void {
    this.#freeAtMs = Math.max(this.#freeAtMs, this.#time.monotonicMs() + ms)
  }
}
