import type { Doorbell, Outbox, OutboxPage, StoredRow } from '../../delivery/outbox/outbox.ts'
import { backoffMs } from '../../delivery/send/backoff.ts'
import type { Sink } from '../../delivery/sink.ts'
import type { Fault } from '../../domain/fault.ts'
import { instant } from '../../domain/identifiers.ts'
import type { Telemetry } from '../../telemetry/telemetry.ts'
import { soundSink } from '../contain-defects.ts'
import { Drain, type DrainDeps } from './drain.ts'
import { PageHold } from './held-partition.ts'
import { PendingReader } from './pending-reader.ts'

export interface RedeliverDeps extends DrainDeps {
  readonly outbox: Outbox
  readonly doorbell: Doorbell
  readonly sinks: ReadonlyMap<string, Sink>
  readonly budgetMs: number
  readonly maxBackoffMs: number
  readonly telemetry: Telemetry
}

const FIRST_BACKOFF_MS = 1000
const AFTER_FAILURE_MS = 30_000
/** A drain that dies leaves its page alone for so much longer than its budget. */
const LEASE_MARGIN_MS = 15_000

/**
 * Pays what a page of the outbox owes, in the stream's order, as far as the budget goes. After a failure it rings once, delayed; while
 * a sink is down each call probes it with one row only.
 * @throws DurabilityError when the storage does not answer; the doorbell message then comes back
 */
export async function redeliver(page: OutboxPage, deps: RedeliverDeps): Promise<void> {
  const { outbox, time, telemetry, budgetMs } = deps
  const found = deps.sinks.get(page.sink)
  // A sink that is switched off keeps its debts: switching it on again pays them.
  if (found === undefined) return
  const sink = soundSink(found, (cause) => telemetry.troubled('sinkDefect', cause))
  const startedMs = time.monotonicMs()
  const limits = { budgetMs, leaseMs: budgetMs + LEASE_MARGIN_MS }
  const lease = await outbox.acquire(page, limits.leaseMs)
  if (lease === undefined) return

  await deps.onStep('pageTaken')
  const hold = new PageHold(lease, limits, deps)
  const drain = new Drain(hold, sink, deps)
  let waitMs = 0
  let isLeft = true
  // A storage that fails is left alone for a while too; the sweep comes back.
  let putOffMs = AFTER_FAILURE_MS
  try {
    await drain.run()
    const left = await drain.leftover()
    isLeft = left !== undefined
    if (left !== undefined && drain.stoppedBy !== undefined) waitMs = waitAfter(left, drain.stoppedBy, deps)
    putOffMs = waitMs
  } finally {
    const dueAt = putOffMs > 0 ? instant(time.now() + putOffMs) : undefined
    if (hold.lease !== undefined) await outbox.release(hold.lease, dueAt)
    await deps.onStep('pageReleased')
  }
  // Looked at again after giving the page back: a debt written meanwhile must not wait for the sweep.
  // What is set aside is not rung for: the sweep comes back for it.
  const isOurs = hold.lease !== undefined
  if (isOurs && (isLeft || (await new PendingReader(page, deps).first()) !== undefined)) {
    await deps.doorbell.ring(page, waitMs)
    await deps.onStep('rungAgain')
  }

  telemetry.pageDrained({
    sink: page.sink,
    partition: page.partition,
    delivered: drain.delivered,
    deadLettered: drain.deadLettered,
    stillOwed: drain.stillOwed,
    attempts: drain.attempts,
    tookMs: time.monotonicMs() - startedMs,
    stoppedBy: drain.stoppedBy?.code,
  })
}

function waitAfter(
  row: StoredRow,
  fault: Fault,
  { ageLimit, time, maxBackoffMs }: Pick<RedeliverDeps, 'ageLimit' | 'time' | 'maxBackoffMs'>,
): number {
  const backoff = { baseMs: FIRST_BACKOFF_MS, maxMs: maxBackoffMs }
  const waitMs = backoffMs(backoff, row.attempts, time.random(), fault.retryAfterMs)
  // Whether a row is too old is looked at again as soon as it can be told.
  return Math.max(FIRST_BACKOFF_MS, Math.min(waitMs, ageLimit.doubtMs(row) ?? waitMs))
}
