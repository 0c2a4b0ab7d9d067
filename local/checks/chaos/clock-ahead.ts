/** How far a process's clock is ahead, and for how long. */
export interface ClockAhead {
  readonly aheadMs: number
  readonly forMs: number
}

/**
 * Parses CLOCK_AHEAD: `<milliseconds ahead>:<duration in milliseconds>`; a negative offset is
 * behind.
 * @throws Error for anything else
 */
export function readClockAhead(setting: string): ClockAhead {
  const [aheadMs, forMs, ...others] = setting.split(':').map(Number)
  if (!Number.isInteger(aheadMs) || !Number.isInteger(forMs) || others.length > 0)
    throw new Error('CLOCK_AHEAD: expected <milliseconds ahead>:<duration in milliseconds>.')
  return { aheadMs: aheadMs ?? 0, forMs: forMs ?? 0 }
}

/** A clock that is wrong at first, and right afterwards. */
export function clockAhead({ aheadMs, forMs }: ClockAhead, nowMs: () => number, elapsedMs: () => number) {
  const endMs = elapsedMs() + forMs
  return (): number => nowMs() + (elapsedMs() < endMs ? aheadMs : 0)
}
