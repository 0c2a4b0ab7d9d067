import { setMaxListeners } from 'node:events'
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
      // An aborted wait simply ends.
    }
  },
  // The timer holds the signal: a platform `AbortSignal.timeout` referenced only by
  // `AbortSignal.any` is garbage-collected on Node 20 and early 22, and never fires. A process busy
  // beyond the time first reads what arrived meanwhile: an answer already received is not late, and
  // ignoring it would deliver its events again.
  limit(ms) {
    const controller = new AbortController()
    // One delivery is several requests with several listeners each; from the eleventh on Node warns.
    setMaxListeners(0, controller.signal)
    const late = () => controller.abort(new DOMException('The time is over.', 'TimeoutError'))
    const timer = setTimeout(() => setImmediate(late), Math.max(0, Math.ceil(ms))).unref()
    return { signal: controller.signal, end: () => clearTimeout(timer) }
  },
}
