import { OUT_OF_TIME } from '../delivery/attempt.ts'
import type { DeadLetter, DeadLetters } from '../delivery/dead-letter.ts'
import { deliverInOrder, type Refused } from '../delivery/deliver-in-order.ts'
import type { OnStep } from '../delivery/durable-step.ts'
import { encodeAll } from '../delivery/encode-all.ts'
import { formatLines } from '../delivery/line-ranges.ts'
import type { Outbox, OutboxPage, StoredRow } from '../delivery/outbox.ts'
import type { Receipts } from '../delivery/receipt.ts'
import type { Encoded, Sink } from '../delivery/sink.ts'
import type { ArchivedEvent } from '../domain/exported-event.ts'
import { type Fault, sinkFault, transientFault } from '../domain/fault.ts'
import type { Time } from '../domain/time.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import { type Debt, debtLetters, eventKey, type FollowPointers } from './debt.ts'
import { isExpired } from './expiry.ts'
import { fileDebt } from './file-debt.ts'
import { debtsOf, soundly } from './follow-debts.ts'

export interface PayDeps extends FollowPointers {
  readonly outbox: Pick<Outbox, 'replace' | 'remove'>
  readonly deadLetters: DeadLetters
  readonly receipts: Receipts
  readonly maxAgeMs: number
  readonly telemetry: Pick<Telemetry, 'troubled' | 'delivered'>
  readonly time: Time
  readonly onStep: OnStep
}

/** How a drain goes. */
export interface Account {
  delivered: number
  deadLettered: number
  attempts: number
  /** The fault of the sink that ended it. */
  stoppedBy: Fault | undefined
  /** Whether its time ran out while the sink was taking. */
  outOfTime: boolean
  /** Keys of rows that are set aside: their pointers lead nowhere. */
  readonly unreadable: Set<string>
}

/** One attempt a round: what fails waits in the ledger, where it can be seen. */
const ONE_ATTEMPT = { maxAttempts: 1, backoff: { baseMs: 0, maxMs: 0 } } as const

/** What a round is about. */
export interface Round {
  /** In the stream's order; as many of them as time and memory allow. */
  readonly rows: readonly StoredRow[]
  /** Events that are tried at most; what is beyond stays owed. */
  readonly maxEvents: number
}

/** From when to when. */
export interface Span {
  readonly startedMs: number
  readonly deadlineMs: number
}

const NO_PROGRESS = transientFault(
  'timeout',
  'Within a whole budget the sink took nothing. Check how long it takes to answer, or raise REDELIVERY_BUDGET_MS.',
)

/** Delivers what rows point at, merged and in order, and writes down what came of each. */
export async function payRound(
  page: OutboxPage,
  sink: Sink,
  { rows, maxEvents }: Round,
  { startedMs, deadlineMs }: Span,
  account: Account,
  deps: PayDeps,
): Promise<void> {
  const { outbox, time, onStep } = deps
  // Half of the time at most goes into following pointers: the other half is for what they lead to.
  const debts = await debtsOf(page, rows, account.unreadable, deps, (startedMs + deadlineMs) / 2)
  const events = distinct(debts.flatMap((d) => d.events))
  const { items, unfit } = encodeAll({ encode: soundly(sink) }, events.slice(0, maxEvents))
  const ends = await deliverInOrder<Encoded>(sink, items, { deadlineMs, ...ONE_ATTEMPT }, time)
  if (ends.attempts > 0) await onStep('redelivered')
  account.attempts += ends.attempts
  const moved = ends.delivered.length + ends.buried.length + unfit.length > 0
  account.outOfTime = ends.stoppedBy === OUT_OF_TIME && moved
  // No progress in a whole budget is trouble of the sink's, to be waited for and to grow old like any other.
  account.stoppedBy = ends.stoppedBy === OUT_OF_TIME ? (moved ? undefined : NO_PROGRESS) : ends.stoppedBy
  account.delivered += ends.delivered.length
  deps.telemetry.delivered(page.sink, ends.delivered, time.now())

  const owedFault = new Map(
    ends.owed.map(({ archived, fault }) => [
      eventKey(archived),
      fault === OUT_OF_TIME && !moved ? NO_PROGRESS : fault,
    ]),
  )
  for (const untried of events.slice(maxEvents)) owedFault.set(eventKey(untried), OUT_OF_TIME)
  const refused = new Map([...unfit, ...ends.buried].map((r) => [eventKey(r.archived), r.fault]))
  const paid: StoredRow[] = []
  let stopped = false
  for (const debt of debts) {
    const { row, events: own } = debt
    const stillOwed = own.filter((e) => owedFault.has(eventKey(e)))
    const dead = own.flatMap((archived) => {
      const fault = refused.get(eventKey(archived))
      return fault === undefined ? [] : [{ archived, fault }]
    })
    // Behind the row at which it stopped: not tried, and as it was.
    if (stopped && stillOwed.length > 0 && stillOwed.length === own.length) continue
    stopped ||= stillOwed.length > 0
    const expired = account.stoppedBy !== undefined && isExpired(row, deps)
    const letters = await bury(page, debt, expired ? [...dead, ...stillOwed.map(expire)] : dead, deps)
    account.deadLettered += letters.length
    const owed = expired ? [] : stillOwed
    if (owed.length === 0) paid.push(row)
    else {
      await outbox.replace(page, stillOwing(row, stillOwed, owedFault))
      await onStep('debtReduced')
    }
    const delivered = own.filter((e) => !owedFault.has(eventKey(e)) && !refused.has(eventKey(e)))
    const settled = { delivered, owed, letters, requests: ends.requests, stoppedBy: ends.stoppedBy }
    await fileDebt(page, debt, settled, startedMs, deps)
  }
  await outbox.remove(page, paid)
  await onStep('debtsRemoved')
}

/** Rows past the age limit behind one that the sink would not take: their end does not depend on another attempt. */
export async function buryExpired(
  page: OutboxPage,
  rows: readonly StoredRow[],
  account: Account,
  deps: PayDeps,
): Promise<void> {
  const startedMs = deps.time.monotonicMs()
  const debts = await debtsOf(page, rows, account.unreadable, deps, Number.POSITIVE_INFINITY)
  for (const debt of debts) {
    const letters = await bury(page, debt, debt.events.map(expire), deps)
    account.deadLettered += letters.length
    const settled = { delivered: [], owed: [], letters, requests: [], stoppedBy: EXPIRED }
    await fileDebt(page, debt, settled, startedMs, deps)
  }
  await deps.outbox.remove(
    page,
    debts.map((debt) => debt.row),
  )
  await deps.onStep('debtsRemoved')
}

/** What several rows point at is delivered once, and all of them are told how that ended. */
const distinct = (events: readonly ArchivedEvent[]): readonly ArchivedEvent[] => [
  ...new Map(events.map((e) => [eventKey(e), e])).values(),
]

const EXPIRED = sinkFault(
  'deliveryExpired',
  'The sink did not take the event within DELIVERY_MAX_AGE_HOURS. Mend the sink, then retry the dead letter or replay.',
)

const expire = (archived: ArchivedEvent): Refused => ({ archived, fault: EXPIRED })

/** The row with what is left of it: its key stays, so that the stream's order does. */
function stillOwing(
  row: StoredRow,
  events: readonly ArchivedEvent[],
  faults: ReadonlyMap<string, Fault>,
): StoredRow {
  const first = events[0]
  const fault = first === undefined ? undefined : faults.get(eventKey(first))
  const untried = fault === undefined || fault === OUT_OF_TIME
  return {
    ...row,
    lines: formatLines([...new Set(events.map((e) => e.line))]),
    events: events.length,
    attempts: row.attempts + (untried ? 0 : 1),
    ...(untried ? {} : { lastFault: { code: fault.code, message: fault.message } }),
  }
}

async function bury(
  page: OutboxPage,
  debt: Debt,
  refused: readonly Refused[],
  { deadLetters, time, onStep }: PayDeps,
): Promise<readonly DeadLetter[]> {
  const letters = debtLetters(page.sink, debt, refused, time.now())
  await deadLetters.bury(letters)
  if (letters.length > 0) await onStep('debtBuried')
  return letters
}
