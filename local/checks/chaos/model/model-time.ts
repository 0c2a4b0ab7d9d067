import type { Time } from '../../../../shared/domain/time.ts'

/** A clock that only moves when someone waits or moves it. */
export interface ModelTime extends Time {
  /** The time, slightly later with each call, so that events of one instant have an order. */
  moment(): number
  advance(ms: number): void
  /** Advances the time until this signal times out. */
  exhaust(signal: AbortSignal): void
}

/** A binary fraction, so that adding it to an instant is exact. */
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
    limit(ms) {
      const { signal } = new AbortController()
      deadlines.set(signal, nowMs + ms)
      return { signal, end: () => undefined }
    },
    exhaust(signal) {
      nowMs = Math.max(nowMs, deadlines.get(signal) ?? nowMs)
    },
  }
}
