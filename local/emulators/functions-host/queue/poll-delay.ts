/** Pauses between polls of a queue, in milliseconds. */
export interface PollDelay {
  /** The pause after a poll that found nothing: doubled each time, up to the longest. */
  next(): number
  /** Something was found: the next pause is the shortest again. */
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
