import { backoffMs } from '../delivery/backoff.ts'
import type { Doorbell, Outbox, OutboxPage, StoredRow } from '../delivery/outbox.ts'
import type { Sink } from '../delivery/sink.ts'
import type { Fault } from '../domain/fault.ts'
import { instant } from '../domain/identifiers.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import { isExpired } from './expiry.ts'
import { type Account, buryExpired, type PayDeps, payRound, type Round } from './pay-round.ts'
import { soundSink } from './sound-sink.ts'

export interface RedeliverDeps extends PayDeps {
  readonly outbox: Outbox
  readonly doorbell: Doorbell
  readonly sinks: ReadonlyMap<string, Sink>
  readonly budgetMs: number
  readonly maxBackoffMs: number
  readonly telemetry: Telemetry
}

/** Rows merged into one round of deliveries: bounds memory and the time a lease is held. */
const ROWS_PER_ROUND = 50
/** Events merged into one round. */
const EVENTS_PER_ROUND = 4000
/** Events in the probe of a sink that refused whatever was sent. */
const WITNESSES = 16
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
  const { outbox, time, telemetry } = deps
  const found = deps.sinks.get(page.sink)
  // A sink that is switched off keeps its debts: switching it on again pays them.
  if (found === undefined) return
  const sink = soundSink(found, (cause) => telemetry.troubled('sinkDefect', cause))
  const startedMs = time.monotonicMs()
  const lease = await outbox.acquire(page, deps.budgetMs + LEASE_MARGIN_MS)
  if (lease === undefined) return

  await deps.onStep('pageTaken')
  const account: Account = {
    delivered: 0,
    deadLettered: 0,
    attempts: 0,
    stoppedBy: undefined,
    outOfTime: false,
    unreadable: new Set(),
  }
  const deadlineMs = startedMs + deps.budgetMs
  let waitMs = 0
  let failed = true
  let owed: readonly StoredRow[] = []
  let left: readonly StoredRow[] = []
  let aside = 0
  /** The first rows that can be paid; those that were set aside and are due to be looked at again come last. */
  const payable = async (limit: number): Promise<readonly StoredRow[]> => {
    for (;;) {
      // Twice over: many set aside are passed in few queries.
      const asked = limit + 2 * aside
      owed = await outbox.rows(page, asked)
      for (const { key, lookAgainAt = 0 } of owed) if (lookAgainAt > time.now()) account.unreadable.add(key)
      const open = owed.filter((row) => !account.unreadable.has(row.key))
      const fresh = open.filter((row) => row.lookAgainAt === undefined)
      if (fresh.length >= limit || owed.length < asked)
        return [...fresh, ...open.filter((row) => row.lookAgainAt !== undefined)].slice(0, limit)
      aside = owed.length - fresh.length
    }
  }
  try {
    for (;;) {
      left = await payable(ROWS_PER_ROUND)
      const first = left[0]
      if (first === undefined || account.outOfTime || time.monotonicMs() >= deadlineMs) break
      if (account.stoppedBy !== undefined) {
        const expired = left.filter((row) => isExpired(row, deps))
        if (expired.length === 0) break
        await buryExpired(page, expired, account, deps)
        continue
      }
      // What has failed before is probed with one row; a success then lets the rest follow.
      const probing = first.attempts > 1 && account.delivered + account.deadLettered === 0
      const round = probing ? probeOf(first, left) : { rows: takeRound(left), maxEvents: EVENTS_PER_ROUND }
      await payRound(page, sink, round, { startedMs: time.monotonicMs(), deadlineMs }, account, deps)
    }
    if (account.stoppedBy !== undefined && left[0] !== undefined)
      waitMs = waitAfter(left[0], account.stoppedBy, deps)
    failed = false
  } finally {
    // A storage that fails is left alone for a while too; the sweep comes back.
    if (failed) waitMs = AFTER_FAILURE_MS
    await outbox.release(lease, waitMs > 0 ? instant(time.now() + waitMs) : undefined)
    await deps.onStep('pageReleased')
  }
  // Looked at again after giving the page back: a debt written meanwhile must not wait for the sweep.
  // What is set aside is not rung for: the sweep comes back for it.
  if (left.length > 0 || (await payable(1)).length > 0) {
    await deps.doorbell.ring(page, waitMs)
    await deps.onStep('rungAgain')
  }

  telemetry.pageDrained({
    sink: page.sink,
    partition: page.partition,
    delivered: account.delivered,
    deadLettered: account.deadLettered,
    stillOwed: owed.reduce((sum, row) => sum + row.events, 0),
    attempts: account.attempts,
    tookMs: time.monotonicMs() - startedMs,
    stoppedBy: account.stoppedBy?.code,
  })
}

/** What was refused alone is probed with some of what is behind it: only what becomes of others tells whose fault that was. */
function probeOf(first: StoredRow, rows: readonly StoredRow[]): Round {
  if (first.lastFault?.code !== 'allRefused') return { rows: [first], maxEvents: probeSize(first) }
  let events = 0
  const witnesses = rows.filter((row) => {
    events += row.events
    return events - row.events < WITNESSES
  })
  return { rows: witnesses, maxEvents: WITNESSES }
}

/** A row that keeps failing is tried with ever fewer of its events, so that a slow refusal cannot hide a bad one for ever. */
const probeSize = ({ events, attempts }: StoredRow): number =>
  Math.max(1, Math.ceil(events / 2 ** Math.max(0, attempts - 2)))

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
