import type { Outbox, OutboxPartition, StoredRow, WakeUps } from '../../delivery/outbox/outbox.ts'
import { backoffMs } from '../../delivery/send/backoff.ts'
import type { Fault } from '../../domain/fault.ts'
import { instant } from '../../domain/identifiers.ts'
import type { Telemetry } from '../../telemetry/telemetry.ts'
import { containDefects } from '../contain-defects.ts'
import { Drain, type DrainDeps, type DrainSink } from './drain.ts'
import { HeldPartition } from './held-partition.ts'
import { PendingReader } from './pending-reader.ts'

export interface RedeliverDeps extends DrainDeps {
  readonly outbox: Outbox
  readonly wakeUps: WakeUps
  readonly sinks: ReadonlyMap<string, DrainSink>
  readonly budgetMs: number
  readonly maxBackoffMs: number
  readonly telemetry: Telemetry
}

const FIRST_BACKOFF_MS = 1000
const AFTER_FAILURE_MS = 30_000
/** After a crash, how much longer than its budget a drain keeps the lease. */
const LEASE_MARGIN_MS = 15_000

/**
 * Redelivers the pending rows of an outbox partition in stream order, as far as the budget allows.
 * After a failure it sends one delayed wake-up; while a sink is down, each call probes it with one
 * row only.
 * @throws DurabilityError if the storage does not answer; the wake-up message then comes back
 */
export async function redeliver(outboxPartition: OutboxPartition, deps: RedeliverDeps): Promise<void> {
  const { outbox, time, telemetry, budgetMs } = deps
  const found = deps.sinks.get(outboxPartition.sink)
  // A disabled sink keeps its pending deliveries; enabling it again redelivers them.
  if (found === undefined) return
  let isTold = false
  const sink = containDefects(found.sink, (cause) => {
    if (!isTold) telemetry.problem('sinkDefect', cause)
    isTold = true
  })
  const startedMs = time.monotonicMs()
  const limits = { budgetMs, leaseMs: budgetMs + LEASE_MARGIN_MS }
  const lease = await outbox.acquire(outboxPartition, limits.leaseMs)
  if (lease === undefined) return

  await deps.failpoint('leaseAcquired')
  const budget = time.limit(budgetMs)
  const hold = new HeldPartition(lease, limits, budget.signal, deps)
  const summary = await drainHeld(hold, { ...found, sink }, deps).finally(budget.end)
  telemetry.partitionDrained({
    sink: outboxPartition.sink,
    partition: outboxPartition.partition,
    ...summary,
    tookMs: time.monotonicMs() - startedMs,
  })
}

/** Drains, gives the outbox partition back, and sees to it that what is left is redelivered. */
async function drainHeld(
  hold: HeldPartition,
  sink: DrainSink,
  deps: RedeliverDeps,
): Promise<Drain['summary']> {
  const { outbox, time } = deps
  const { outboxPartition } = hold
  const drain = new Drain(hold, sink, deps)
  let waitMs = 0
  // A failing storage is left alone for a while too; the sweep comes back.
  let putOffMs = AFTER_FAILURE_MS
  try {
    await drain.run()
    if (drain.stoppedBy !== undefined) {
      const left = await drain.leftover()
      if (left !== undefined) waitMs = waitAfter(left, drain.stoppedBy, deps)
    }
    putOffMs = waitMs
  } finally {
    const dueAt = putOffMs > 0 ? instant(time.now() + putOffMs) : undefined
    if (hold.lease !== undefined) await outbox.release(hold.lease, dueAt)
    await deps.failpoint('leaseReleased')
  }
  // Looked at after the release: a delivery that became pending meanwhile must not wait for the
  // sweep. Rows put off get no wake-up, since the sweep finds them.
  const isOurs = hold.lease !== undefined
  const anyLeft = (): Promise<StoredRow | undefined> =>
    new PendingReader(outboxPartition, deps).first(hold.deadlineMs)
  if (isOurs && (waitMs > 0 || (await anyLeft()) !== undefined)) {
    await deps.wakeUps.send(outboxPartition, waitMs)
    await deps.failpoint('wakeUpSentAgain')
  }
  return drain.summary
}

function waitAfter(
  row: StoredRow,
  fault: Fault,
  { ageLimit, time, maxBackoffMs }: Pick<RedeliverDeps, 'ageLimit' | 'time' | 'maxBackoffMs'>,
): number {
  const backoff = { baseMs: FIRST_BACKOFF_MS, maxMs: maxBackoffMs }
  const waitMs = backoffMs(backoff, row.attempts, time.random(), fault.retryAfterMs)
  // Come back as soon as it can be told whether the row is past the age limit.
  return Math.max(FIRST_BACKOFF_MS, Math.min(waitMs, ageLimit.doubtMs(row) ?? waitMs))
}
