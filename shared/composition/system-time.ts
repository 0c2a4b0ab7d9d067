import { setTimeout as wait } from 'node:timers/promises'
import type { Time } from '../domain/time.ts'

/** The real clocks, randomness and waiting. */
export const systemTime: Time = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  random: () => Math.random(),
  async sleep(ms, signal) {
    try {
      await wait(ms, undefined, signal === undefined ? {} : { signal })
    } catch {
      // An aborted wait is over, that is all.
    }
  },
  // Held by its timer. The platform's own `AbortSignal.timeout`, where only `AbortSignal.any`
  // refers to it, is lost to the garbage collector on Node 20 and the first of 22, and never fires.
  // A process that was busy beyond the time reads what arrived meanwhile first: an answer that is
  // there is none that is late, and what it says was delivered would be delivered again.
  timeout(ms) {
    const controller = new AbortController()
    const late = () => controller.abort(new DOMException('The time is over.', 'TimeoutError'))
    setTimeout(() => setImmediate(late), Math.max(0, Math.ceil(ms))).unref()
    return controller.signal
  },
}
