import type { ArchivedEvent } from '../domain/exported-event.ts'
import { type Fault, transientFault } from '../domain/fault.ts'
import { type EventId, instant } from '../domain/identifiers.ts'
import type { SinkTally } from '../domain/tally.ts'
import type { Time } from '../domain/time.ts'
import { type DeadLetters, lettersOf } from './dead-letters/dead-letter.ts'
import type { DuplicateWindow } from './dedup/duplicate-window.ts'
import { covers, type Mark, type Stretch } from './dedup/settled-range.ts'
import type { OnStep } from './failpoint.ts'
import { type Doorbell, type Outbox, owedRows, pageOf } from './outbox/outbox.ts'
import type { OwingMemory } from './outbox/pending-memory.ts'
import { type ByEnd, countEnds, type EndLines, endLines } from './receipts/outcome-lines.ts'
import { OUT_OF_TIME } from './send/attempt.ts'
import type { BackoffPolicy } from './send/backoff.ts'
import type { Breaker } from './send/breaker.ts'
import { deliverInOrder, type Ends, type EventsRequest, type Refused } from './send/deliver-in-order.ts'
import type { Item } from './send/deliveries.ts'
import { type Encode, encodeAll } from './send/encode-all.ts'
import type { Encoded, Sink } from './sink.ts'

/** A sink, and everything that one process remembers about it. */
export interface Lane {
  readonly sink: Sink
  /** Whether the operator wants this event at this sink. */
  readonly accepts: (event: ArchivedEvent['event']) => boolean
  readonly breaker: Breaker
  readonly window: DuplicateWindow
  readonly owing: OwingMemory
}

export interface LaneDeps {
  readonly outbox: Outbox
  readonly doorbell: Doorbell
  readonly deadLetters: DeadLetters
  readonly patienceMs: number
  readonly backoff: BackoffPolicy
  readonly time: Time
  /** A ring that did not sound: the sweep makes up for it. */
  readonly onRingLost: (cause: unknown) => void
  readonly onStep: OnStep
}

/** The events of one chunk, for one sink. */
export interface LaneWork {
  readonly events: readonly ArchivedEvent[]
  /** From the chunk's first message to its last. */
  readonly stretch: Stretch
  /** What is known to be settled at this sink. */
  readonly mark: Mark | undefined
  readonly encode: Encode
}

/** How the events of one chunk ended at one sink. */
export interface LaneReport {
  readonly sink: string
  readonly tally: SinkTally
  readonly ends: EndLines
  readonly delivered: readonly ArchivedEvent[]
  readonly attempts: number
  readonly requests: readonly EventsRequest[]
  readonly tookMs: number
  readonly stoppedBy: Fault | undefined
}

const ORDERED: Fault = transientFault(
  'ordered',
  'Earlier events of this partition are still owed; these follow them.',
)
const OPEN: Fault = transientFault(
  'breakerOpen',
  'The sink has been failing or slow and is left alone for a while.',
)
const MAX_ATTEMPTS = 3

/** What is left to be sent, once what need not be is counted. */
interface Sorted {
  readonly todo: readonly ArchivedEvent[]
  readonly filtered: readonly ArchivedEvent[]
  readonly duplicate: readonly ArchivedEvent[]
}

function sortOut(
  lane: Lane,
  events: readonly ArchivedEvent[],
  mark: Mark | undefined,
  nowMs: number,
): Sorted {
  const todo: ArchivedEvent[] = []
  const here = new Set<EventId>()
  const filtered: ArchivedEvent[] = []
  const duplicate: ArchivedEvent[] = []
  for (const archived of events) {
    const id = archived.event.eventId
    if (!lane.accepts(archived.event)) filtered.push(archived)
    else if (covers(mark, archived.position) || here.has(id) || lane.window.isDuplicate(archived, nowMs))
      duplicate.push(archived)
    else {
      here.add(id)
      todo.push(archived)
    }
  }
  return { todo, filtered, duplicate }
}

/**
 * Brings the events of one chunk to an end at one sink: delivered, owed, dead-lettered, duplicate or filtered. A sink's trouble never
 * throws; what is not delivered within the patience is owed.
 * @throws DurabilityError when a debt or a dead letter cannot be written
 */
export async function settleAtSink(
  lane: Lane,
  { events, stretch, mark, encode }: LaneWork,
  deps: LaneDeps,
): Promise<LaneReport> {
  const { time, outbox, deadLetters, onStep } = deps
  const startedAt = instant(time.now())
  const startedMs = time.monotonicMs()
  const { todo, filtered, duplicate } = sortOut(lane, events, mark, startedMs)
  const page = pageOf(lane.sink.name, stretch.first)
  if (todo.length === 0) {
    lane.owing.pass(page, stretch)
    return report(notSent([], undefined), [])
  }

  const { items, unfit } = encodeAll({ encode }, todo)
  const ends = await send(items)
  const buried = [...unfit, ...ends.buried]
  if (ends.attempts > 0) await onStep('delivered')

  if (ends.owed.length > 0) {
    await outbox.append(page, owedRows(ends.owed, startedAt))
    await onStep('debtWritten')
    // Ringing is a convenience; the debt is in the ledger.
    await deps.doorbell.ring(page, 0).catch(deps.onRingLost)
    await onStep('rung')
  }
  lane.owing.note(page, stretch, ends.owed.length > 0 || ends.stoppedBy === ORDERED)
  await deadLetters.bury(lettersOf(lane.sink.name, buried, ends.attempts, startedAt, time.now()))
  if (buried.length > 0) await onStep('refusedBuried')
  lane.window.add([...ends.delivered, ...ends.owed.map((o) => o.archived)], time.monotonicMs())
  return report(ends, buried)

  async function send(pending: readonly Item<Encoded>[]): Promise<Ends> {
    if (await lane.owing.owes(page, stretch, outbox, time)) return notSent(pending, ORDERED)
    if (pending.length === 0) return notSent(pending, undefined)
    const askedMs = time.monotonicMs()
    const permission = lane.breaker.ask(askedMs)
    if (permission === 'open') return notSent(pending, OPEN)
    const effort = { deadlineMs: askedMs + deps.patienceMs, maxAttempts: MAX_ATTEMPTS, backoff: deps.backoff }
    let ends: Ends | undefined
    try {
      ends = await deliverInOrder(lane.sink, pending, effort, time)
      return ends
    } finally {
      // A probe must report, even one that met a bug of ours.
      const tookMs = (time.monotonicMs() - askedMs) / Math.max(1, ends?.attempts ?? 1)
      lane.breaker.report(permission, failuresIn(ends), tookMs, time.monotonicMs())
    }
  }

  function report(
    { delivered, owed, attempts, requests, stoppedBy }: Ends,
    buried: readonly Refused[],
  ): LaneReport {
    const byEnd: ByEnd = {
      delivered,
      owed: owed.map((o) => o.archived),
      deadLettered: buried.map((b) => b.archived),
      duplicate,
      filtered,
    }
    return {
      sink: lane.sink.name,
      tally: countEnds(byEnd),
      ends: endLines(byEnd),
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
function failuresIn(ends: Ends | undefined): number {
  if (ends === undefined) return 1
  const { stoppedBy, delivered, refusedAlone } = ends
  const isWell = stoppedBy === undefined || (stoppedBy === OUT_OF_TIME && delivered.length > 0)
  return isWell ? 0 : Math.max(1, refusedAlone)
}

const notSent = (items: readonly Item<Encoded>[], fault: Fault | undefined): Ends => ({
  delivered: [],
  owed: fault === undefined ? [] : items.map(({ archived }) => ({ archived, fault })),
  buried: [],
  refusedAlone: 0,
  attempts: 0,
  requests: [],
  stoppedBy: fault,
})
