/** A time within which work must be done. */
export interface TimeLimit {
  /** Aborts when the time is over. */
  readonly signal: AbortSignal
  /** Ends the timer: the work is done. */
  readonly end: () => void
}

/** Clocks, randomness and waiting, provided by the composition root so that tests control them. */
export interface Time {
  /** Milliseconds since the Unix epoch by the machine's clock, which may be set at any moment. */
  now(): number
  /**
   * Milliseconds since a fixed moment of this process, monotonic: for durations within a process.
   */
  monotonicMs(): number
  /** In [0, 1). */
  random(): number
  /** Resolves after `ms`, or as soon as `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** Is over after `ms`; the timer does not keep the process alive. */
  limit(ms: number): TimeLimit
}
