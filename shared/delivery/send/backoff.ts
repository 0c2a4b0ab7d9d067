/** How long to wait between attempts. */
export interface BackoffPolicy {
  readonly baseMs: number
  readonly maxMs: number
}

/**
 * Wait before attempt `attempt + 1`: full jitter over an exponentially growing window, at least
 * what the sink asked for (`Retry-After`), never more than `maxMs`, so that no receiver stalls us.
 * @param attempt attempts made so far, from 1
 * @param random in [0, 1)
 */
export function backoffMs(policy: BackoffPolicy, attempt: number, random: number, retryAfterMs = 0): number {
  const window = Math.min(policy.maxMs, policy.baseMs * 2 ** Math.min(attempt - 1, 30))
  return Math.min(policy.maxMs, Math.max(Math.round(random * window), retryAfterMs))
}
