/** The longest wait that is honoured, whether a week is asked for or the year 9999. */
const MAX_WAIT_MS = 3_600_000

/** Of RFC 9110 §5.6.7, the two older forms of a date included. All are in GMT, by rule. */
const DATE = /^[a-z]{3,9}, \d\d[ -][a-z]{3}[ -](?:\d{2}|\d{4}) \d\d:\d\d:\d\d GMT$/i
const ASCTIME = /^[a-z]{3} [a-z]{3} [ \d]\d \d\d:\d\d:\d\d \d{4}$/i

function asked(value: string, nowMs: number): number | undefined {
  if (/^\d+(?:\.\d+)?$/.test(value)) return Number(value) * 1000
  const date = DATE.test(value) ? value : ASCTIME.test(value) ? `${value} GMT` : ''
  const at = Date.parse(date)
  return Number.isNaN(at) ? undefined : at - nowMs
}

/**
 * How long a `Retry-After` header asks to wait, in whole milliseconds from 0 to an hour;
 * `undefined` where it says nothing we understand. Seconds or a date, by RFC 9110 §10.2.3; seconds
 * with a fraction too. Of several headers the first that says something.
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
