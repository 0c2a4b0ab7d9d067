const MINUTE_MS = 60_000

/**
 * Counts requests per minute, like the service, and returns how long to wait if there were too
 * many.
 */
export class RequestQuota {
  readonly #perMinute: number
  readonly #nowMs: () => number
  #minute = -1
  #used = 0

  /** @param perMinute most requests in one minute; the service's own limit is 12,000 */
  constructor(perMinute: number, nowMs: () => number) {
    this.#perMinute = perMinute
    this.#nowMs = nowMs
  }

  /** Counts one request: 0 if within the limit, else the seconds to wait. */
  take(): number {
    const now = this.#nowMs()
    const minute = Math.floor(now / MINUTE_MS)
    if (minute !== this.#minute) this.#used = 0
    this.#minute = minute
    this.#used += 1
    return this.#used <= this.#perMinute ? 0 : Math.ceil(((minute + 1) * MINUTE_MS - now) / 1000)
  }
}
