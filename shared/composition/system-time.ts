import { setTimeout as wait } from 'node:timers/promises'
import type { Time } from '../domain/time.ts'

/** The real clock, randomness and waiting. */
export const systemTime: Time = {
  now: () => Date.now(),
  random: () => Math.random(),
  async sleep(ms, signal) {
    try {
      await wait(ms, undefined, signal === undefined ? {} : { signal })
    } catch {
      // An aborted wait is over, that is all.
    }
  },
  timeout: (ms) => AbortSignal.timeout(Math.max(0, Math.ceil(ms))),
}
