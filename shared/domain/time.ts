/** Clocks, randomness and waiting: given by the composition root, so that tests own them. */
export interface Time {
  /**
   * Milliseconds since the Unix epoch, as far as the machine knows: it may be set forward or back
   * at any moment.
   */
  now(): number
  /**
   * Milliseconds since some moment of this process; never goes back or jumps. For whatever lasts
   * within a process.
   */
  monotonicMs(): number
  /** In [0, 1). */
  random(): number
  /** Resolves after `ms`, or as soon as `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** A signal that aborts after `ms`; the timer does not keep the process alive. */
  timeout(ms: number): AbortSignal
}
