import type { Time } from '../../shared/domain/time.ts'

/** Clocks that move only when somebody waits or says so. */
export interface VirtualTime extends Time {
  advance(ms: number): void
  /** Sets the wall clock forward or back; no time passes. */
  set(byMs: number): void
}

/** @param random what `random()` answers; default: always the middle */
export function virtualTime(
  startMs = Date.UTC(2026, 2, 1, 12),
  random: () => number = () => 0.5,
): VirtualTime {
  let nowMs = startMs
  let wrongByMs = 0
  return {
    now: () => nowMs + wrongByMs,
    monotonicMs: () => nowMs,
    random,
    advance: (ms) => {
      nowMs += ms
    },
    set: (byMs) => {
      wrongByMs += byMs
    },
    async sleep(ms) {
      nowMs += ms
    },
    // Scripted sinks decide for themselves whether they run out of time.
    limit: () => ({ signal: new AbortController().signal, end: () => undefined }),
  }
}
