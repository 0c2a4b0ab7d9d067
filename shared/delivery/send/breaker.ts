/** When a breaker opens, and for how long. */
export interface BreakerPolicy {
  /** Consecutive failures, or successes slower than `slowMs`, that open it. */
  readonly threshold: number
  readonly slowMs: number
  readonly minOpenMs: number
  readonly maxOpenMs: number
}

/** `closed`: send. `probe`: send one delivery and report. `open`: do not send. */
export type Permission = 'closed' | 'probe' | 'open'

/**
 * Defaults: slower than 80 % of the delivery timeout is a failure; open for 2 s, doubling to 60 s.
 */
export const breakerPolicy = (deliveryTimeoutMs: number): BreakerPolicy => ({
  threshold: 2,
  slowMs: deliveryTimeoutMs * 0.8,
  minOpenMs: 2000,
  maxOpenMs: 60_000,
})

/** Keeps a failing sink from delaying the others. One per sink and process; monotonic clock. */
export class Breaker {
  readonly #policy: BreakerPolicy
  #troubles = 0
  #openMs = 0
  #openUntilMs = 0
  #probing = false

  constructor(policy: BreakerPolicy) {
    this.#policy = policy
  }

  /** Asks to send; a caller that is told `probe` must report the result. */
  ask(nowMs: number): Permission {
    if (this.#openMs === 0) return 'closed'
    if (nowMs < this.#openUntilMs || this.#probing) return 'open'
    this.#probing = true
    return 'probe'
  }

  /**
   * @param permission what `ask` returned: while open, only the probe's report counts, since all
   * others were sent before it opened
   * @param failures consecutive failures; 0: success
   * @param tookMs how long the sink took; a slow success counts as a failure
   */
  report(permission: Permission, failures: number, tookMs: number, nowMs: number): void {
    const wasProbe = permission === 'probe'
    if (this.#openMs > 0 && !wasProbe) return
    this.#probing = false
    if (failures === 0 && tookMs <= this.#policy.slowMs) {
      this.#troubles = 0
      this.#openMs = 0
      return
    }
    this.#troubles += Math.max(1, failures)
    if (wasProbe || this.#troubles >= this.#policy.threshold) {
      this.#openMs = Math.min(this.#policy.maxOpenMs, Math.max(this.#policy.minOpenMs, this.#openMs * 2))
      this.#openUntilMs = nowMs + this.#openMs
    }
  }

  get isOpen(): boolean {
    return this.#openMs > 0
  }
}
