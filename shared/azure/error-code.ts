/**
 * An SDK error's code, else its HTTP status, else that of the last attempt; `undefined` if there is
 * none. Never show an error's text, which may quote the request.
 */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined
  const code = 'code' in error ? error.code : undefined
  if (typeof code === 'string' || typeof code === 'number') return String(code)
  const status = 'statusCode' in error ? error.statusCode : undefined
  if (typeof status === 'number') return `status ${status}`
  return error instanceof AggregateError ? errorCode(error.errors.at(-1)) : undefined
}
