/**
 * What an SDK's error calls itself: its code, else its HTTP status; `undefined` where it has neither. Its text may quote what was asked, and
 * is not for showing.
 */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined
  const code = 'code' in error ? error.code : undefined
  if (typeof code === 'string' || typeof code === 'number') return String(code)
  const status = 'statusCode' in error ? error.statusCode : undefined
  return typeof status === 'number' ? `status ${status}` : undefined
}
