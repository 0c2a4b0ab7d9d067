import type { Time } from '../../../../shared/domain/time.ts'

/** A clock that moves only when somebody waits or says so. */
export interface ModelTime extends Time {
  /**
   * The time, and a trace more than whenever this was last asked: what happens in one instant has
   * its order too.
   */
  moment(): number
  advance(ms: number): void
  /** Lets the time pass that whoever made this signal would wait. */
  exhaust(signal: AbortSignal): void
}

/** A binary fraction, so that adding it to an instant loses nothing. */
const A_TRACE_MS = 2 ** -10

export function modelTime(startMs: number, random: () => number): ModelTime {
  let nowMs = startMs
  let lastMoment = startMs
  const deadlines = new WeakMap<AbortSignal, number>()
  return {
    now: () => nowMs,
    monotonicMs: () => nowMs,
    moment: () => {
      lastMoment = Math.max(nowMs, lastMoment + A_TRACE_MS)
      return lastMoment
    },
    random,
    advance: (ms) => {
      nowMs += ms
    },
    async sleep(ms) {
      nowMs += ms
    },
    timeout(ms) {
      const { signal } = new AbortController()
      deadlines.set(signal, nowMs + ms)
      return signal
    },
    exhaust(signal) {
      nowMs = Math.max(nowMs, deadlines.get(signal) ?? nowMs)
    },
  }
}
