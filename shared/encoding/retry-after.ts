/** The longest wait honoured, whatever is asked for. */
const MAX_WAIT_MS = 3_600_000

/** HTTP dates (RFC 9110 §5.6.7), including the two obsolete forms; always GMT. */
const DATE = /^[a-z]{3,9}, \d\d[ -][a-z]{3}[ -](?:\d{2}|\d{4}) \d\d:\d\d:\d\d GMT$/i
const ASCTIME = /^[a-z]{3} [a-z]{3} [ \d]\d \d\d:\d\d:\d\d \d{4}$/i

function asked(value: string, nowMs: number): number | undefined {
  if (/^\d+(?:\.\d+)?$/.test(value)) return Number(value) * 1000
  const date = DATE.test(value) ? value : ASCTIME.test(value) ? `${value} GMT` : ''
  const at = Date.parse(date)
  return Number.isNaN(at) ? undefined : at - nowMs
}

/**
 * The wait a `Retry-After` header asks for, in whole milliseconds from 0 to an hour; `undefined` if
 * not understood. Seconds, also with a fraction, or a date (RFC 9110 §10.2.3); the first header
 * that is understood counts.
 */
export function retryAfterMs(
  header: string | readonly string[] | undefined,
  nowMs: number,
): number | undefined {
  for (const value of [header ?? []].flat()) {
    const waitMs = asked(value.trim(), nowMs)
    if (waitMs !== undefined) return Math.min(MAX_WAIT_MS, Math.max(0, Math.ceil(waitMs)))
  }
  return undefined
}
