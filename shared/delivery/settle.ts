import type { ArchivedEvent } from '../domain/exported-event.ts'
import { type Fault, transientFault } from '../domain/fault.ts'
import { instant } from '../domain/identifiers.ts'
import { InvariantError } from '../domain/invariant-error.ts'
import { type SinkTally, sinkBalances } from '../domain/tally.ts'
import type { Time } from '../domain/time.ts'
import { type DeadLetterWriter, deadLettersOf } from './dead-letters/dead-letter.ts'
import type { ReachFailpoint } from './failpoint.ts'
import { type Outbox, outboxPartitionOf, pendingRows, type WakeUps } from './outbox/outbox.ts'
import type { Prepared } from './prepare.ts'
import { type ByOutcome, countOutcomes, type OutcomeLines, outcomeLines } from './receipts/outcome-lines.ts'
import { OUT_OF_TIME } from './send/attempt.ts'
import type { BackoffPolicy } from './send/backoff.ts'
import { deliverInOrder, type EventsRequest, type Outcomes, type Refused } from './send/deliver-in-order.ts'
import type { Item } from './send/deliveries.ts'
import type { Encoded } from './sink.ts'
import type { SinkPipeline } from './sink-pipeline.ts'

export interface SettleDeps {
  readonly outbox: Outbox
  readonly wakeUps: WakeUps
  readonly deadLetters: DeadLetterWriter
  readonly deliveryTimeoutMs: number
  readonly backoff: BackoffPolicy
  readonly time: Time
  /** A wake-up that did not sound: the sweep makes up for it. */
  readonly onWakeUpLost: (cause: unknown) => void
  readonly failpoint: ReachFailpoint
}

/** How the events of one chunk ended at one sink. */
export interface SinkReport {
  readonly sink: string
  readonly tally: SinkTally
  readonly outcomes: OutcomeLines
  readonly delivered: readonly ArchivedEvent[]
  readonly attempts: number
  readonly requests: readonly EventsRequest[]
  readonly tookMs: number
  readonly stoppedBy: Fault | undefined
}

const ORDERED: Fault = transientFault(
  'ordered',
  'Earlier events of this partition are still pending; these follow them.',
)
const OPEN: Fault = transientFault(
  'breakerOpen',
  'The sink has been failing or slow and is left alone for a while.',
)
const MAX_ATTEMPTS = 3

/**
 * Brings the events of one chunk to an end at one sink: delivered, pending, dead-lettered, duplicate or filtered. A sink's trouble never
 * throws; what is not delivered within the delivery timeout is pending.
 * @throws DurabilityError when a pending delivery or a dead letter cannot be written; InvariantError where an event has no outcome, or two
 */
export async function settle(
  pipeline: SinkPipeline,
  { events, range, items, unfit, filtered, duplicate }: Prepared,
  deps: SettleDeps,
): Promise<SinkReport> {
  const { time, outbox, deadLetters, failpoint } = deps
  const startedAt = instant(time.now())
  const startedMs = time.monotonicMs()
  const outboxPartition = outboxPartitionOf(pipeline.sink.name, range.first)
  if (items.length + unfit.length === 0) {
    pipeline.pendingMemory.pass(outboxPartition, range)
    return report(notSent([], undefined), [])
  }

  const outcomes = await send(items)
  const deadLettered = [...unfit, ...outcomes.deadLettered]
  if (outcomes.attempts > 0) await failpoint('delivered')

  if (outcomes.pending.length > 0) {
    await outbox.append(outboxPartition, pendingRows(outcomes.pending, startedAt))
    await failpoint('rowsWritten')
    // The wake-up is a convenience; the rows are in the outbox.
    await deps.wakeUps.send(outboxPartition, 0).catch(deps.onWakeUpLost)
    await failpoint('wakeUpSent')
  }
  pipeline.pendingMemory.note(
    outboxPartition,
    range,
    outcomes.pending.length > 0 || outcomes.stoppedBy === ORDERED,
  )
  await deadLetters.write(
    deadLettersOf(pipeline.sink.name, deadLettered, outcomes.attempts, startedAt, time.now()),
  )
  if (deadLettered.length > 0) await failpoint('refusedDeadLettered')
  pipeline.window.add([...outcomes.delivered, ...outcomes.pending.map((o) => o.archived)], time.monotonicMs())
  return report(outcomes, deadLettered)

  async function send(pending: readonly Item<Encoded>[]): Promise<Outcomes> {
    if (await pipeline.pendingMemory.hasPending(outboxPartition, range, outbox, time))
      return notSent(pending, ORDERED)
    if (pending.length === 0) return notSent(pending, undefined)
    const askedMs = time.monotonicMs()
    const permission = pipeline.breaker.ask(askedMs)
    if (permission === 'open') return notSent(pending, OPEN)
    const effort = {
      deadlineMs: askedMs + deps.deliveryTimeoutMs,
      maxAttempts: MAX_ATTEMPTS,
      backoff: deps.backoff,
    }
    let outcomes: Outcomes | undefined
    try {
      outcomes = await deliverInOrder(pipeline.sink, pending, effort, time)
      return outcomes
    } finally {
      // A probe must report, even one that met a bug of ours.
      const tookMs = (time.monotonicMs() - askedMs) / Math.max(1, outcomes?.attempts ?? 1)
      pipeline.breaker.report(permission, failuresIn(outcomes), tookMs, time.monotonicMs())
    }
  }

  function report(
    { delivered, pending, attempts, requests, stoppedBy }: Outcomes,
    deadLettered: readonly Refused[],
  ): SinkReport {
    const byOutcome: ByOutcome = {
      delivered,
      pending: pending.map((o) => o.archived),
      deadLettered: deadLettered.map((b) => b.archived),
      duplicate,
      filtered,
    }
    const tally = countOutcomes(byOutcome)
    if (!sinkBalances(events.length, tally))
      throw new InvariantError(
        `${events.length} events at ${pipeline.sink.name} came to ${JSON.stringify(tally)}`,
      )
    return {
      sink: pipeline.sink.name,
      tally,
      outcomes: outcomeLines(byOutcome),
      delivered,
      attempts,
      requests,
      tookMs: time.monotonicMs() - startedMs,
      stoppedBy,
    }
  }
}

/**
 * For the breaker. None if the sink took what there was time for: then the chunk was large, not the
 * sink slow.
 */
function failuresIn(outcomes: Outcomes | undefined): number {
  if (outcomes === undefined) return 1
  const { stoppedBy, delivered, refusedAlone } = outcomes
  const isWell = stoppedBy === undefined || (stoppedBy === OUT_OF_TIME && delivered.length > 0)
  return isWell ? 0 : Math.max(1, refusedAlone)
}

const notSent = (items: readonly Item<Encoded>[], fault: Fault | undefined): Outcomes => ({
  delivered: [],
  pending: fault === undefined ? [] : items.map(({ archived }) => ({ archived, fault })),
  deadLettered: [],
  refusedAlone: 0,
  attempts: 0,
  requests: [],
  stoppedBy: fault,
})
