/** A thrown value as an Error: apps may throw anything. */
export function parseThrown(thrown: unknown): Error {
  return thrown instanceof Error
    ? thrown
    : new Error(`The function threw a value that is not an Error: ${String(thrown)}`)
}

/** Whether the library counts this as an error: everything but null and undefined. */
export function isThrown(value: unknown): boolean {
  return value !== null && value !== undefined
}
