/** Result of `untilAborted` if the signal came first. */
export const ABORTED = Symbol('aborted')

/**
 * Waits for work that ignores signals itself, such as getting a token, until the signal aborts. A
 * later result or error is ignored.
 */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | typeof ABORTED> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => resolve(ABORTED)
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}
