/** Delays between polls of a queue, in milliseconds. */
export interface PollDelay {
  /** The delay after a poll without messages: doubled each time, up to the maximum. */
  next(): number
  /** Call after a poll with messages: the next delay is the minimum again. */
  reset(): void
}

export function createPollDelay(minMs: number, maxMs: number): PollDelay {
  let delayMs = minMs
  return {
    next() {
      const pauseMs = Math.min(delayMs, maxMs)
      delayMs = pauseMs * 2
      return pauseMs
    },
    reset() {
      delayMs = minMs
    },
  }
}
