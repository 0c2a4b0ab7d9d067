import type { Time } from '../domain/time.ts'

/** What is under way in this process, so that it can be brought to an end before the process is. */
export class InFlight {
  readonly #stopping = new AbortController()
  readonly #work = new Set<Promise<unknown>>()

  /** A clock whose timeouts also end when the process is asked to: deliveries then become debts at once. */
  deliveryTime(time: Time): Time {
    return { ...time, timeout: (ms) => AbortSignal.any([time.timeout(ms), this.#stopping.signal]) }
  }

  get isStopping(): boolean {
    return this.#stopping.signal.aborted
  }

  async track<T>(work: Promise<T>): Promise<T> {
    this.#work.add(work)
    try {
      return await work
    } finally {
      this.#work.delete(work)
    }
  }

  /** Ends deliveries, which are then owed, and waits for what is under way, at most `graceMs`. */
  async stop(graceMs: number, time: Pick<Time, 'sleep'>): Promise<void> {
    this.#stopping.abort()
    await Promise.race([Promise.allSettled(this.#work), time.sleep(graceMs)])
  }
}
