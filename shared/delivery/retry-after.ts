/**
 * How long a `Retry-After` header asks to wait, in milliseconds; `undefined` where it says nothing we understand.
 * Both forms of RFC 9110 §10.2.3: seconds, and a date (in GMT, by rule). Not clamped: what to make of a week is the wrapper's.
 */
export function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  const value = header?.trim() ?? ''
  if (/^\d{1,10}$/.test(value)) return Number(value) * 1000
  if (!value.endsWith(' GMT')) return undefined
  const at = Date.parse(value)
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs)
}
