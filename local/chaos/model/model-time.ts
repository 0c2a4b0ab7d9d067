import type { Time } from '../../../shared/domain/time.ts'

/** A clock that moves only when somebody waits or says so. */
export interface ModelTime extends Time {
  advance(ms: number): void
  /** Lets the time pass that whoever made this signal would wait. */
  exhaust(signal: AbortSignal): void
}

export function modelTime(startMs: number, random: () => number): ModelTime {
  let nowMs = startMs
  const deadlines = new WeakMap<AbortSignal, number>()
  return {
    now: () => nowMs,
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
