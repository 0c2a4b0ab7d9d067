/** A deadline for some work. */
export interface TimeLimit {
  /** Aborts at the deadline. */
  readonly signal: AbortSignal
  /** Stops the timer; call it when the work is done. */
  readonly end: () => void
}

/** Clocks, randomness and waiting, provided by the composition root so that tests control them. */
export interface Time {
  /** Milliseconds since the Unix epoch; may jump when the clock is set. */
  now(): number
  /** Milliseconds, monotonic: for durations within this process. */
  monotonicMs(): number
  /** In [0, 1). */
  random(): number
  /** Resolves after `ms`, or as soon as `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** A deadline in `ms` milliseconds; its timer does not keep the process alive. */
  limit(ms: number): TimeLimit
}
