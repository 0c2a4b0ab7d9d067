import { type DeadLetterWriter, deadLettersOf } from '../../delivery/dead-letters/dead-letter.ts'
import type { PositionRange } from '../../delivery/dedup/settled-range.ts'
import type { ReachFailpoint } from '../../delivery/failpoint.ts'
import {
  type Outbox,
  type OutboxPartition,
  outboxPartitionOf,
  pendingRows,
  type WakeUps,
} from '../../delivery/outbox/outbox.ts'
import type { Prepared } from '../../delivery/prepare.ts'
import { countOutcomes, outcomeLines } from '../../delivery/receipts/outcome-lines.ts'
import type { SinkReport } from '../../delivery/receipts/receipt.ts'
import { OUT_OF_TIME } from '../../delivery/send/attempt.ts'
import type { BackoffPolicy } from '../../delivery/send/backoff.ts'
import { settle, settleWithoutSending } from '../../delivery/settle.ts'
import type { Settlement } from '../../delivery/settlement.ts'
import type { SinkPipeline } from '../../delivery/sink-pipeline.ts'
import { type Fault, transientFault } from '../../domain/fault.ts'
import { instant } from '../../domain/identifiers.ts'
import type { Time } from '../../domain/time.ts'
import type { Telemetry } from '../../telemetry/telemetry.ts'

export interface SettleAtSinkDeps {
  readonly outbox: Pick<Outbox, 'append' | 'pendingUntil'>
  readonly wakeUps: WakeUps
  readonly deadLetters: DeadLetterWriter
  readonly deliveryTimeoutMs: number
  readonly backoff: BackoffPolicy
  /** For deliveries, which are aborted when the process shuts down. */
  readonly deliveryTime: Time
  readonly failpoint: ReachFailpoint
  readonly telemetry: Pick<Telemetry, 'delivered' | 'problem'>
}

const ORDERED: Fault = transientFault(
  'ordered',
  'Earlier events of this partition are still pending; these follow them.',
)
const OPEN: Fault = transientFault(
  'breakerOpen',
  'The sink has been failing or slow; requests are paused for a while.',
)
const MAX_ATTEMPTS = 3

/**
 * Settles the events of one chunk at one sink: delivered, pending, dead-lettered, duplicate or
 * filtered. A sink's failure never throws; what is not delivered within the delivery timeout is
 * pending.
 * @param preparing a defect in it surfaces here
 * @param range from the chunk's first message to its last
 * @throws DurabilityError if a pending delivery or a dead letter cannot be written; InvariantError
 * if an event has no outcome, or two
 */
export async function settleAtSink(
  pipeline: SinkPipeline,
  preparing: Promise<Prepared>,
  range: PositionRange,
  deps: SettleAtSinkDeps,
): Promise<SinkReport> {
  const prepared = await preparing
  const startedMs = deps.deliveryTime.monotonicMs()
  const startedAt = instant(deps.deliveryTime.now())
  const sink = pipeline.sink.name
  const outboxPartition = outboxPartitionOf(sink, range.first)
  const settlement = await sendIfAllowed(pipeline, prepared, range, outboxPartition, deps)
  const { pending, deadLettered, attempts } = settlement
  if (attempts > 0) await deps.failpoint('delivered')
  if (pending.length > 0) {
    await deps.outbox.append(outboxPartition, pendingRows(pending, startedAt))
    await deps.failpoint('rowsWritten')
    // The wake-up is a convenience: the rows are in the outbox, where the sweep finds them.
    await deps.wakeUps
      .send(outboxPartition, 0)
      .catch((cause: unknown) => deps.telemetry.problem('wakeUpLost', cause))
    await deps.failpoint('wakeUpSent')
  }
  const areEarlierPending = settlement.stoppedBy === ORDERED
  if (isAnythingToSend(prepared))
    pipeline.pendingMemory.note(outboxPartition, range, pending.length > 0 || areEarlierPending)
  else pipeline.pendingMemory.pass(outboxPartition, range)
  const nowMs = deps.deliveryTime.now()
  await deps.deadLetters.write(deadLettersOf(sink, deadLettered, attempts, startedAt, nowMs))
  if (deadLettered.length > 0) await deps.failpoint('refusedDeadLettered')
  const settledHere = [...settlement.delivered, ...pending.map(({ archived }) => archived)]
  pipeline.window.add(settledHere, deps.deliveryTime.monotonicMs())
  deps.telemetry.delivered(sink, settlement.delivered, nowMs)
  return reportOf(sink, settlement, deps.deliveryTime.monotonicMs() - startedMs)
}

const isAnythingToSend = ({ deliveries, unfit }: Prepared): boolean => deliveries.length + unfit.length > 0

async function sendIfAllowed(
  { sink, breaker, pendingMemory }: SinkPipeline,
  prepared: Prepared,
  range: PositionRange,
  outboxPartition: OutboxPartition,
  { outbox, deliveryTime: time, deliveryTimeoutMs, backoff }: SettleAtSinkDeps,
): Promise<Settlement> {
  if (!isAnythingToSend(prepared)) return settleWithoutSending(prepared, undefined)
  if (await pendingMemory.hasPending(outboxPartition, range, outbox, time))
    return settleWithoutSending(prepared, ORDERED)
  if (prepared.deliveries.length === 0) return settleWithoutSending(prepared, undefined)
  const askedMs = time.monotonicMs()
  const permission = breaker.ask(askedMs)
  if (permission === 'open') return settleWithoutSending(prepared, OPEN)
  const retry = { deadlineMs: askedMs + deliveryTimeoutMs, maxAttempts: MAX_ATTEMPTS, backoff }
  let settlement: Settlement | undefined
  try {
    settlement = await settle(sink, prepared, retry, time)
    return settlement
  } finally {
    // A probe must report, even if it hit a bug of ours.
    const tookMs = (time.monotonicMs() - askedMs) / Math.max(1, settlement?.attempts ?? 1)
    breaker.report(permission, failuresIn(settlement), tookMs, time.monotonicMs())
  }
}

/**
 * Failures to report to the breaker. None if the sink took all that time allowed: then the chunk
 * was large, not the sink slow.
 */
function failuresIn(settlement: Settlement | undefined): number {
  if (settlement === undefined) return 1
  const { stoppedBy, delivered, refusedAlone } = settlement
  const isWell = stoppedBy === undefined || (stoppedBy === OUT_OF_TIME && delivered.length > 0)
  return isWell ? 0 : Math.max(1, refusedAlone)
}

function reportOf(sink: string, settlement: Settlement, tookMs: number): SinkReport {
  return {
    sink,
    tally: countOutcomes(settlement),
    outcomes: outcomeLines(settlement),
    attempts: settlement.attempts,
    requests: settlement.requests,
    tookMs,
    stoppedBy: settlement.stoppedBy,
  }
}
