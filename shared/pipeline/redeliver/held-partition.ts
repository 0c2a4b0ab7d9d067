import type { Lease, Outbox, OutboxPartition } from '../../delivery/outbox/outbox.ts'
import type { Time } from '../../domain/time.ts'

/** What a drain may take. */
export interface HoldLimits {
  readonly budgetMs: number
  /** For how long an outbox partition is taken, and taken again. */
  readonly leaseMs: number
}

const SHARE_FOR_SENDING = 0.9

interface HoldDeps {
  readonly outbox: Pick<Outbox, 'renew'>
  readonly time: Pick<Time, 'monotonicMs'>
}

/** An outbox partition in the hands of one drain, and the time that the drain has for it. */
export class HeldPartition {
  readonly outboxPartition: OutboxPartition
  /** Of the monotonic clock. */
  readonly deadlineMs: number
  /** Until when it may send: the rest is for expired rows, which a sink that hangs must not keep. */
  readonly sendUntilMs: number
  readonly #limits: HoldLimits
  readonly #deps: HoldDeps
  /** When the budget is spent, or the process is to end. */
  readonly #over: AbortSignal
  #lease: Lease | undefined
  #leasedMs: number
  #longestMs = 0

  constructor(lease: Lease, limits: HoldLimits, over: AbortSignal, deps: HoldDeps) {
    this.outboxPartition = lease.outboxPartition
    this.#lease = lease
    this.#limits = limits
    this.#deps = deps
    this.#leasedMs = deps.time.monotonicMs()
    this.deadlineMs = this.#leasedMs + limits.budgetMs
    this.sendUntilMs = this.#leasedMs + limits.budgetMs * SHARE_FOR_SENDING
    this.#over = over
  }

  /**
   * The lease as it is now, to be given back; `undefined`: another drain has taken the outbox
   * partition.
   */
  get lease(): Lease | undefined {
    return this.#lease
  }

  /** Forgets how long windows took: those that follow send nothing. */
  endSending(): void {
    this.#longestMs = 0
  }

  /** Notes how long a window took. */
  took(ms: number): void {
    this.#longestMs = Math.max(this.#longestMs, ms)
  }

  /**
   * Whether another window may be begun: the longest so far would fit into the time that is left,
   * and the outbox partition is still ours.
   */
  async mayGoOn(): Promise<boolean> {
    const nowMs = this.#deps.time.monotonicMs()
    if (this.#lease === undefined || this.#over.aborted || nowMs + this.#longestMs >= this.deadlineMs)
      return false
    const { leaseMs } = this.#limits
    if (nowMs < this.#leasedMs + leaseMs / 2) return true
    this.#lease = await this.#deps.outbox.renew(this.#lease, leaseMs)
    this.#leasedMs = nowMs
    return this.#lease !== undefined
  }
}
