const SECOND_MS = 1000

/**
 * One request a second for all applications of a tenant, on identity protection. Source:
 * https://learn.microsoft.com/graph/throttling-limits#identity-protection-and-conditional-access-service-limits
 */
export class Throttle {
  on: boolean
  #lastMs = Number.NEGATIVE_INFINITY

  constructor(on: boolean) {
    this.on = on
  }

  /** Whether a request at this time may pass; one that may not does not count. */
  admits(nowMs: number): boolean {
    if (!this.on) return true
    if (nowMs - this.#lastMs < SECOND_MS) return false
    this.#lastMs = nowMs
    return true
  }
}
