import { type Fault, transientFault } from '../domain/fault.ts'
import type { Time } from '../domain/time.ts'
import { type BackoffPolicy, backoffMs } from './backoff.ts'
import type { Delivery } from './deliveries.ts'
import type { DeliveryOutcome, Encoded, Sink } from './sink.ts'

/** How hard to try. The deadline bounds it first, attempts second. */
export interface Effort {
  /** Instant, in milliseconds since the epoch, after which no attempt starts and no wait ends. */
  readonly deadlineMs: number
  readonly maxAttempts: number
  readonly backoff: BackoffPolicy
}

/** One delivery's outcome, and what it took. */
export interface Attempted {
  readonly outcome: DeliveryOutcome
  readonly attempts: number
}

/** No attempt was made: what the sink would have said is not known. */
export const OUT_OF_TIME: Fault = transientFault(
  'timeout',
  'No time was left for an attempt; the events are owed.',
)

/** Hands one delivery to a sink, again and again while the fault is transient and there is time. */
export async function attempt<E extends Encoded>(
  sink: Sink<E>,
  delivery: Delivery<E>,
  effort: Effort,
  time: Time,
): Promise<Attempted> {
  const batch = delivery.map((item) => item.encoded)
  for (let attempts = 1; ; attempts++) {
    const remainingMs = effort.deadlineMs - time.now()
    if (remainingMs <= 0) return { outcome: { status: 'failed', fault: OUT_OF_TIME }, attempts: attempts - 1 }
    const outcome = await sink.deliver(batch, time.timeout(remainingMs))
    if (outcome.status !== 'failed' || outcome.fault.scope !== 'transient') return { outcome, attempts }
    if (attempts >= effort.maxAttempts) return { outcome, attempts }
    const { retryAfterMs = 0 } = outcome.fault
    const waitMs = Math.max(backoffMs(effort.backoff, attempts, time.random()), retryAfterMs)
    // Waiting past the deadline cannot help: hand back now, so that the outbox can take it.
    if (time.now() + waitMs >= effort.deadlineMs) return { outcome, attempts }
    await time.sleep(waitMs)
  }
}
