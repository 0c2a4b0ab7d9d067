import {
  type DeadLetter,
  type DeadLetterWriter,
  deadLetterId,
  deadLettersOf,
  type Replay,
} from '../../delivery/dead-letters/dead-letter.ts'
import type { ReachFailpoint } from '../../delivery/failpoint.ts'
import type { Outbox, OutboxPartition, StoredRow } from '../../delivery/outbox/outbox.ts'
import { countOutcomes, linesOf, outcomeLines } from '../../delivery/receipts/outcome-lines.ts'
import type { Receipts, RowReport } from '../../delivery/receipts/receipt.ts'
import { OUT_OF_TIME } from '../../delivery/send/attempt.ts'
import { checkConserved } from '../../delivery/settlement.ts'
import type { Fault } from '../../domain/fault.ts'
import { instant } from '../../domain/identifiers.ts'
import type { Time } from '../../domain/time.ts'
import { sideBySide } from '../side-by-side.ts'
import type { SettledRow } from './row-settlements.ts'

/** What rows settled together have in common. */
export interface SettleRun {
  readonly outboxPartition: OutboxPartition
  /** On the monotonic clock. */
  readonly startedMs: number
  readonly stoppedBy: Fault | undefined
}

export interface SettleRowsDeps {
  readonly outbox: Pick<Outbox, 'replace' | 'remove'>
  readonly deadLetters: DeadLetterWriter
  readonly receipts: Receipts
  readonly time: Time
  readonly failpoint: ReachFailpoint
}

/** Concurrent writes of one kind. */
const WRITES_AT_ONCE = 16

/** The result of settling rows. */
export interface Settled {
  readonly deadLettered: number
  /** Rows that still have something pending, in their current form. */
  readonly left: readonly StoredRow[]
}

/**
 * Records the outcomes of rows, in this order: dead letters, remaining rows, receipts; then removes
 * the rows with nothing pending.
 * @throws DurabilityError if the storage does not answer; InvariantError, before any write, if an
 * event has no outcome, or two
 */
export async function settleRows(
  rows: readonly SettledRow[],
  run: SettleRun,
  deps: SettleRowsDeps,
): Promise<Settled> {
  const { outbox, deadLetters, receipts, time, failpoint } = deps
  for (const { events, outcomes } of rows) checkConserved(events, outcomes)
  const { outboxPartition } = run
  const settled = rows.map((row) => ({
    row,
    deadLetters: deadLettersOfRow(outboxPartition.sink, row, time.now()),
  }))
  await sideBySide(settled, WRITES_AT_ONCE, ({ deadLetters: ofRow }) => deadLetters.write(ofRow))
  const deadLettered = settled.reduce((sum, { deadLetters: ofRow }) => sum + ofRow.length, 0)
  if (deadLettered > 0) await failpoint('rowsDeadLettered')

  const left: StoredRow[] = []
  const reduced = rows.filter(({ outcomes }) => outcomes.pending.length > 0)
  await sideBySide(reduced, WRITES_AT_ONCE, async (row) => {
    const remainder = await outbox.replace(outboxPartition, remainderOf(row))
    if (remainder !== undefined) left.push(remainder)
  })
  if (left.length > 0) await failpoint('rowsReduced')

  await receipts.fileRows(settled.map(({ row, deadLetters }) => reportOf(row, deadLetters, run, time)))
  await failpoint('redeliveryFiled')
  const done = rows.filter(({ outcomes }) => outcomes.pending.length === 0)
  await outbox.remove(
    outboxPartition,
    done.map(({ row }) => row),
  )
  await failpoint('rowsRemoved')
  left.sort((a, b) => (a.key < b.key ? -1 : 1))
  return { deadLettered, left }
}

/** The row with what is left of it; it keeps its key, and so its place in the stream. */
function remainderOf({ row: found, outcomes: { pending } }: SettledRow): StoredRow {
  const { lookAgainAt: _, ...row } = found
  const fault = pending[0]?.fault ?? OUT_OF_TIME
  const isUntried = fault === OUT_OF_TIME
  return {
    ...row,
    lines: linesOf(pending),
    events: pending.length,
    attempts: row.attempts + (isUntried ? 0 : 1),
    ...(isUntried ? {} : { lastFault: { code: fault.code, message: fault.message } }),
  }
}

function reportOf(
  { row, skipped, outcomes }: SettledRow,
  deadLetters: readonly DeadLetter[],
  { outboxPartition, startedMs, stoppedBy }: SettleRun,
  time: Pick<Time, 'monotonicMs'>,
): RowReport {
  const byOutcome = { ...outcomes, deadLettered: deadLetters }
  const tally = countOutcomes(byOutcome)
  return {
    blob: row.blob,
    lines: row.lines,
    ...(row.mode === undefined ? {} : { mode: row.mode }),
    sink: outboxPartition.sink,
    // Records of no exported category are counted, but have no event whose line could be named.
    tally: { ...tally, filtered: tally.filtered + skipped },
    outcomes: outcomeLines(byOutcome),
    requests: outcomes.requests,
    attempts: row.attempts + 1,
    tookMs: time.monotonicMs() - startedMs,
    stoppedBy,
  }
}

/**
 * The dead letters of a row: refused events, and records that cannot be normalised. One per line,
 * since a pointer cannot tell more apart.
 */
function deadLettersOfRow(
  sink: string,
  { row, faults, outcomes }: SettledRow,
  nowMs: number,
): readonly DeadLetter[] {
  const attempts = row.attempts + 1
  const replay: Replay | undefined =
    row.mode === undefined
      ? undefined
      : {
          mode: row.mode,
          askedAt: row.firstTriedAt,
          ...(row.isRetry === undefined ? {} : { isRetry: row.isRetry }),
        }
  const unreadable = faults.map(
    (faulty): DeadLetter => ({
      v: 1,
      id: deadLetterId(sink, faulty.blob, faulty.line),
      sink,
      ...faulty,
      attempts,
      firstTriedAt: row.firstTriedAt,
      deadLetteredAt: instant(nowMs),
      ...(replay === undefined ? {} : { replay }),
    }),
  )
  const deadLetters = [
    ...deadLettersOf(sink, outcomes.deadLettered, attempts, row.firstTriedAt, nowMs, replay),
    ...unreadable,
  ]
  const byLine = new Map(deadLetters.toReversed().map((deadLetter) => [deadLetter.line, deadLetter]))
  return [...byLine.values()].sort((a, b) => a.line - b.line)
}
