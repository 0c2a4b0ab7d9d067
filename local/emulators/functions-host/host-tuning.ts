import type { HostTuning } from './host-context.ts'

/**
 * Values for a single machine. Azure waits longer: ownership 120 s, load balancing 30 s, queue
 * polls up to a minute, retries as long as their policy says. Ten minutes of invisibility as in
 * Azure.
 */
export const LOCAL_TUNING: HostTuning = {
  ownershipExpiryMs: 3_000,
  loadBalancingMs: 1_000,
  maxRetryDelayMs: Number.POSITIVE_INFINITY,
  minQueuePollMs: 50,
  maxQueuePollMs: 1_000,
  queueInvisibilityMs: 600_000,
  maxHttpBodyBytes: 4 * 1024 * 1024,
}
