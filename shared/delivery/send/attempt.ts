import { type Fault, type FaultCode, transientFault } from '../../domain/fault.ts'
import type { Time } from '../../domain/time.ts'
import type { DeliveryOutcome, SentRequest, Sink } from '../sink.ts'
import { type BackoffPolicy, backoffMs } from './backoff.ts'
import { batchOf, type Delivery } from './deliveries.ts'

/** How hard to try: the deadline takes precedence, then the number of attempts. */
export interface RetryPolicy {
  /** On the monotonic clock; after it no attempt starts and no wait ends. */
  readonly deadlineMs: number
  readonly maxAttempts: number
  readonly backoff: BackoffPolicy
}

/** A request, and why it failed, if it did. */
export interface TriedRequest extends SentRequest {
  readonly fault?: FaultCode
}

/** The outcome of one delivery, and what it took. */
export interface Attempted {
  readonly outcome: DeliveryOutcome
  readonly attempts: number
  /** Of all attempts, in order. */
  readonly requests: readonly TriedRequest[]
}

/** Why a request did not deliver all its events: the first of several faults. */
function faultOf(outcome: DeliveryOutcome, { eventIds }: SentRequest): Fault | undefined {
  switch (outcome.status) {
    case 'delivered':
      return undefined
    case 'failed':
      return outcome.fault
    case 'partial':
      return [...outcome.failed].find(([id]) => eventIds?.includes(id) ?? true)?.[1]
  }
}

const triedRequests = (outcome: DeliveryOutcome): readonly TriedRequest[] => {
  const { requests = [] } = outcome
  return requests.map((request) => {
    const fault = faultOf(outcome, request)
    return fault === undefined ? request : { ...request, fault: fault.code }
  })
}

/** No attempt was made, so the sink's answer is unknown. */
export const OUT_OF_TIME: Fault = transientFault(
  'timeout',
  'No time was left for an attempt; the events are pending.',
)

/** Sends one delivery to a sink, retrying while the fault is transient and there is time. */
export async function attempt(
  sink: Sink,
  delivery: Delivery,
  retry: RetryPolicy,
  time: Time,
): Promise<Attempted> {
  const batch = batchOf(delivery)
  const requests: TriedRequest[] = []
  for (let attempts = 1; ; attempts++) {
    const remainingMs = retry.deadlineMs - time.monotonicMs()
    if (remainingMs <= 0)
      return { outcome: { status: 'failed', fault: OUT_OF_TIME }, attempts: attempts - 1, requests }
    const limit = time.limit(remainingMs)
    const outcome = await sink.deliver(batch, limit.signal).finally(limit.end)
    requests.push(...triedRequests(outcome))
    if (outcome.status !== 'failed' || outcome.fault.scope !== 'transient')
      return { outcome, attempts, requests }
    if (attempts >= retry.maxAttempts) return { outcome, attempts, requests }
    const { retryAfterMs = 0 } = outcome.fault
    const waitMs = Math.max(backoffMs(retry.backoff, attempts, time.random()), retryAfterMs)
    // Waiting past the deadline cannot help: return now, so that the outbox takes it.
    if (time.monotonicMs() + waitMs >= retry.deadlineMs) return { outcome, attempts, requests }
    await time.sleep(waitMs)
  }
}
