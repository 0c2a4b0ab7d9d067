/** What `untilAborted` resolves with when the signal came first. */
export const ABORTED = Symbol('aborted')

/**
 * Waits for work, but no longer than the signal allows: some work (getting a token) does not listen
 * to signals. What the work comes to after that is of no interest to anyone.
 */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | typeof ABORTED> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => resolve(ABORTED)
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}
