import { setMaxListeners } from 'node:events'
import type { Time, TimeLimit } from '../domain/time.ts'

/** What is under way in this process, so that it can be brought to an end before the process is. */
export class InFlight {
  readonly #limits = new Set<AbortController>()
  readonly #stopping = new AbortController()
  readonly #work = new Set<Promise<unknown>>()

  /**
   * A clock whose limits and waits also end when the process is asked to: deliveries then become pending
   * deliveries at once.
   */
  deliveryTime(time: Time): Time {
    return {
      ...time,
      limit: (ms) => this.#orStop(time.limit(ms)),
      sleep: (ms, signal) => time.sleep(ms, signal ?? this.#stopping.signal),
    }
  }

  /** Notes that work has begun; what it returns is called when that has ended. */
  begin(): () => void {
    let resolve = (): void => undefined
    const work = new Promise<void>((done) => {
      resolve = done
    })
    this.#work.add(work)
    return () => {
      this.#work.delete(work)
      resolve()
    }
  }

  /**
   * Ends deliveries, which are then pending, and waits for what is under way, at most `graceMs`.
   */
  async stop(graceMs: number, time: Pick<Time, 'sleep'>): Promise<void> {
    this.#stopping.abort()
    for (const controller of this.#limits) controller.abort()
    await Promise.race([Promise.allSettled(this.#work), time.sleep(graceMs)])
  }

  /**
   * Not by `AbortSignal.any`: a signal that lives as long as the process would keep a trace of
   * every limit joined to it.
   */
  #orStop(limit: TimeLimit): TimeLimit {
    const controller = new AbortController()
    setMaxListeners(0, controller.signal)
    if (this.#stopping.signal.aborted) controller.abort()
    this.#limits.add(controller)
    const end = (): void => {
      limit.end()
      this.#limits.delete(controller)
    }
    limit.signal.addEventListener(
      'abort',
      () => {
        end()
        controller.abort(limit.signal.reason)
      },
      { once: true },
    )
    return { signal: controller.signal, end }
  }
}
