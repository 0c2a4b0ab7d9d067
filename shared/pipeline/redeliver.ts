import { backoffMs } from '../delivery/backoff.ts'
import type { DeadLetters } from '../delivery/dead-letter.ts'
import { deliverInOrder, type Refused } from '../delivery/deliver-in-order.ts'
import { encodeAll } from '../delivery/encode-all.ts'
import { formatLines } from '../delivery/line-ranges.ts'
import type { Doorbell, Outbox, OutboxPage, StoredRow } from '../delivery/outbox.ts'
import type { Receipts } from '../delivery/receipt.ts'
import type { Encoded, Sink } from '../delivery/sink.ts'
import type { ArchivedEvent } from '../domain/exported-event.ts'
import { type Fault, sinkFault } from '../domain/fault.ts'
import { instant } from '../domain/identifiers.ts'
import { EMPTY_SINK_TALLY } from '../domain/tally.ts'
import type { Time } from '../domain/time.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import { type Debt, debtLetters, debtOf, type FollowPointers } from './debt.ts'

export interface RedeliverDeps extends FollowPointers {
  readonly outbox: Outbox
  readonly doorbell: Doorbell
  readonly deadLetters: DeadLetters
  readonly receipts: Receipts
  readonly sinks: ReadonlyMap<string, Sink>
  readonly budgetMs: number
  readonly maxBackoffMs: number
  readonly maxAgeMs: number
  readonly telemetry: Telemetry
  readonly time: Time
}

/** Rows merged into one round of deliveries: bounds memory and the time a lease is held. */
const ROWS_PER_ROUND = 50
/** Events merged into one round. */
const EVENTS_PER_ROUND = 4000
const FIRST_BACKOFF_MS = 1000
/** A drain that dies leaves its page alone for so much longer than its budget. */
const LEASE_MARGIN_MS = 15_000

interface Account {
  delivered: number
  deadLettered: number
  attempts: number
  stoppedBy: Fault | undefined
}

/**
 * Pays what a page of the outbox owes, in the stream's order, as far as the budget goes. After a failure it rings once, delayed; while
 * a sink is down each call probes it with one row only.
 * @throws DurabilityError when the storage does not answer; the doorbell message then comes back
 */
export async function redeliver(page: OutboxPage, deps: RedeliverDeps): Promise<void> {
  const { outbox, time, telemetry } = deps
  const sink = deps.sinks.get(page.sink)
  // A sink that is switched off keeps its debts: switching it on again pays them.
  if (sink === undefined) return
  const startedMs = time.now()
  const lease = await outbox.acquire(page, deps.budgetMs + LEASE_MARGIN_MS)
  if (lease === undefined) return

  const account: Account = { delivered: 0, deadLettered: 0, attempts: 0, stoppedBy: undefined }
  const deadlineMs = startedMs + deps.budgetMs
  let waitMs = 0
  let left: readonly StoredRow[] = []
  try {
    for (;;) {
      left = await outbox.rows(page, ROWS_PER_ROUND)
      const first = left[0]
      if (first === undefined || time.now() >= deadlineMs) break
      if (account.stoppedBy !== undefined) {
        const expired = left.filter((row) => isExpired(row, deps))
        if (expired.length === 0) break
        await buryExpired(page, expired, account, deps)
        continue
      }
      // What has failed before is probed with one row; a success then lets the rest follow.
      const probing = first.attempts > 1 && account.delivered + account.deadLettered === 0
      await payRound(page, sink, probing ? [first] : takeRound(left), deadlineMs, account, deps)
    }
    if (account.stoppedBy !== undefined && left[0] !== undefined)
      waitMs = waitAfter(left[0], account.stoppedBy, deps)
  } finally {
    await outbox.release(lease, waitMs > 0 ? instant(time.now() + waitMs) : undefined)
  }
  // Looked at again after giving the page back: a debt written meanwhile must not wait for the sweep.
  if (left.length > 0 || (await outbox.owes(page))) await deps.doorbell.ring(page, waitMs)

  telemetry.pageDrained({
    sink: page.sink,
    partition: page.partition,
    delivered: account.delivered,
    deadLettered: account.deadLettered,
    stillOwed: left.reduce((sum, row) => sum + row.events, 0),
    attempts: account.attempts,
    oldestOwedMs: left[0] === undefined ? 0 : time.now() - left[0].firstTriedAt,
    tookMs: time.now() - startedMs,
    stoppedBy: account.stoppedBy?.code,
  })
}

function takeRound(rows: readonly StoredRow[]): readonly StoredRow[] {
  const round: StoredRow[] = []
  let events = 0
  for (const row of rows) {
    if (round.length > 0 && events + row.events > EVENTS_PER_ROUND) break
    round.push(row)
    events += row.events
  }
  return round
}

const waitAfter = (row: StoredRow, fault: Fault, { time, maxBackoffMs }: RedeliverDeps): number =>
  Math.max(
    FIRST_BACKOFF_MS,
    backoffMs(
      { baseMs: FIRST_BACKOFF_MS, maxMs: maxBackoffMs },
      row.attempts,
      time.random(),
      fault.retryAfterMs,
    ),
  )

async function payRound(
  page: OutboxPage,
  sink: Sink,
  rows: readonly StoredRow[],
  deadlineMs: number,
  account: Account,
  deps: RedeliverDeps,
): Promise<void> {
  const { outbox, time } = deps
  const startedMs = time.now()
  const debts: Debt[] = []
  for (const row of rows) debts.push(await debtOf(page.sink, row, deps))

  const { items, unfit } = encodeAll(
    sink,
    debts.flatMap((d) => d.events),
  )
  const effort = {
    deadlineMs,
    maxAttempts: 1,
    backoff: { baseMs: FIRST_BACKOFF_MS, maxMs: FIRST_BACKOFF_MS },
  }
  const ends = await deliverInOrder<Encoded>(sink, items, effort, time)
  account.attempts += ends.attempts
  account.stoppedBy = ends.stoppedBy
  account.delivered += ends.delivered.length

  const owedFault = new Map(ends.owed.map(({ archived, fault }) => [keyOf(archived), fault]))
  const refused = new Map([...unfit, ...ends.buried].map((r) => [keyOf(r.archived), r]))
  const settled: StoredRow[] = []
  for (const debt of debts) {
    const { row, events } = debt
    const expired = isExpired(row, deps)
    const stillOwed = events.filter((e) => owedFault.has(keyOf(e)))
    const dead = events.flatMap((e) => refused.get(keyOf(e)) ?? [])
    const buried = await bury(page, debt, expired ? [...dead, ...stillOwed.map(expire)] : dead, deps)
    account.deadLettered += buried
    const owed = expired ? 0 : stillOwed.length
    if (owed === 0) settled.push(row)
    else await outbox.replace(page, stillOwing(row, stillOwed, owedFault))
    const tally = {
      ...EMPTY_SINK_TALLY,
      delivered: events.length - stillOwed.length - dead.length,
      owed,
      deadLettered: buried,
      filtered: debt.skipped,
    }
    await deps.receipts.file(row.blob, [
      {
        lines: row.lines,
        ...(row.mode === undefined ? {} : { mode: row.mode }),
        sink: sink.name,
        tally,
        attempts: row.attempts + 1,
        tookMs: time.now() - startedMs,
        stoppedBy: ends.stoppedBy,
      },
    ])
  }
  await outbox.remove(page, settled)
}

const isExpired = (row: StoredRow, { time, maxAgeMs }: RedeliverDeps): boolean =>
  time.now() - row.firstTriedAt > maxAgeMs

/** Rows past the age limit behind one that the sink would not take: their end does not depend on another attempt. */
async function buryExpired(
  page: OutboxPage,
  rows: readonly StoredRow[],
  account: Account,
  deps: RedeliverDeps,
): Promise<void> {
  for (const row of rows) {
    const debt = await debtOf(page.sink, row, deps)
    account.deadLettered += await bury(page, debt, debt.events.map(expire), deps)
  }
  await deps.outbox.remove(page, rows)
}

// A line has several events where a message could not be split before and can now.
const keyOf = (e: ArchivedEvent): string => `${e.blob}#${e.line}#${e.ordinal}`

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
  const fault = first === undefined ? undefined : faults.get(keyOf(first))
  const lastFault = fault === undefined ? row.lastFault : { code: fault.code, message: fault.message }
  return {
    ...row,
    lines: formatLines([...new Set(events.map((e) => e.line))]),
    events: events.length,
    attempts: row.attempts + 1,
    ...(lastFault === undefined ? {} : { lastFault }),
  }
}

/** @returns how many dead letters that made */
async function bury(
  page: OutboxPage,
  debt: Debt,
  refused: readonly Refused[],
  { deadLetters, time }: RedeliverDeps,
): Promise<number> {
  const letters = debtLetters(page.sink, debt, refused, time.now())
  await deadLetters.bury(letters)
  return letters.length
}
