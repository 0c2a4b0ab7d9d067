/** Azure's error codes are in Pascal case; anything else might be quoted content. */
const ERROR_CODE = /^[A-Z][A-Za-z]{2,39}$/

/** An error code that is safe to show, else `undefined`. */
export const safeErrorCode = (code: unknown): string | undefined =>
  typeof code === 'string' && ERROR_CODE.test(code) ? code : undefined

/**
 * The code in a body `{"error":{"code":"NotFound","message":"…"}}`, complete or cut off; the
 * message is never read.
 */
export function parseErrorCode(body: string): string | undefined {
  try {
    const answer: unknown = JSON.parse(body)
    return safeErrorCode((answer as { error?: { code?: unknown } } | null)?.error?.code)
  } catch {
    return safeErrorCode(/"code"\s*:\s*"([^"]*)"/.exec(body)?.[1])
  }
}
