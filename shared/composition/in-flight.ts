import type { Time } from '../domain/time.ts'

/** What is under way in this process, so that it can be brought to an end before the process is. */
export class InFlight {
  readonly #timeouts = new Set<AbortController>()
  readonly #stopping = new AbortController()
  readonly #work = new Set<Promise<unknown>>()

  /**
   * A clock whose timeouts and waits also end when the process is asked to: deliveries then become pending
   * deliveries at once.
   */
  deliveryTime(time: Time): Time {
    return {
      ...time,
      timeout: (ms) => this.#orStop(time.timeout(ms)),
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
    for (const controller of this.#timeouts) controller.abort()
    await Promise.race([Promise.allSettled(this.#work), time.sleep(graceMs)])
  }

  /**
   * Not by `AbortSignal.any`: a signal that lives as long as the process would keep a trace of
   * every timeout joined to it.
   */
  #orStop(timeout: AbortSignal): AbortSignal {
    if (this.#stopping.signal.aborted) return AbortSignal.abort()
    const controller = new AbortController()
    this.#timeouts.add(controller)
    timeout.addEventListener(
      'abort',
      () => {
        this.#timeouts.delete(controller)
        controller.abort(timeout.reason)
      },
      { once: true },
    )
    return controller.signal
  }
}
