import type { CoreRetryOptions } from './core-types.ts'

/** When a failed invocation is retried with the same input; `maxRetryCount` -1 is unlimited. */
export type RetryPolicy =
  | { readonly strategy: 'fixedDelay'; readonly maxRetryCount: number; readonly delayMs: number }
  | {
      readonly strategy: 'exponentialBackoff'
      readonly maxRetryCount: number
      readonly minimumMs: number
      readonly maximumMs: number
    }

/** Random spread of the exponential delay, in both directions. */
const RANDOMIZATION = 0.2

/** The policy as declared by the function; the library rounds its intervals to whole seconds. */
export function retryPolicy(options: CoreRetryOptions): RetryPolicy {
  const { maxRetryCount } = options
  switch (options.retryStrategy) {
    case 'fixedDelay':
      return { strategy: 'fixedDelay', maxRetryCount, delayMs: (options.delayInterval?.seconds ?? 0) * 1_000 }
    case 'exponentialBackoff':
      return {
        strategy: 'exponentialBackoff',
        maxRetryCount,
        minimumMs: (options.minimumInterval?.seconds ?? 0) * 1_000,
        maximumMs: (options.maximumInterval?.seconds ?? 0) * 1_000,
      }
  }
}

/**
 * The delay before retry number `retry` (from 1), in milliseconds. `random` is in [0, 1).
 * Exponential: first the minimum, then the minimum plus (0.8 to 1.2) × 2^(retry-2) × the minimum,
 * up to the maximum. Source: RandomizedExponentialBackoffStrategy in
 * https://github.com/Azure/azure-webjobs-sdk
 */
export function retryDelayMs(policy: RetryPolicy, retry: number, random: () => number): number {
  if (policy.strategy === 'fixedDelay') return policy.delayMs
  const spread = 1 - RANDOMIZATION + 2 * RANDOMIZATION * random()
  const incrementMs = retry < 2 ? 0 : spread * 2 ** (retry - 2) * policy.minimumMs
  return Math.min(policy.minimumMs + incrementMs, policy.maximumMs)
}
