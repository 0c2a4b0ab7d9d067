/** Clock, randomness and waiting: given by the composition root, so that tests own them. */
export interface Time {
  /** Milliseconds since the Unix epoch. */
  now(): number
  /** In [0, 1). */
  random(): number
  /** Resolves after `ms`, or as soon as `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** A signal that aborts after `ms`; the timer does not keep the process alive. */
  timeout(ms: number): AbortSignal
}
