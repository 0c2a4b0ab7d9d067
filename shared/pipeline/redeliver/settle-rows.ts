import {
  type DeadLetter,
  type DeadLetters,
  deadLetterId,
  lettersOf,
  type Replay,
} from '../../delivery/dead-letters/dead-letter.ts'
import type { OnStep } from '../../delivery/failpoint.ts'
import type { Outbox, OutboxPage, StoredRow } from '../../delivery/outbox/outbox.ts'
import { countEnds, endLines, linesOf } from '../../delivery/receipts/outcome-lines.ts'
import type { Receipts, RowReport } from '../../delivery/receipts/receipt.ts'
import { OUT_OF_TIME } from '../../delivery/send/attempt.ts'
import type { EventsRequest, Refused } from '../../delivery/send/deliver-in-order.ts'
import type { ArchivedEvent } from '../../domain/exported-event.ts'
import type { Fault } from '../../domain/fault.ts'
import { instant } from '../../domain/identifiers.ts'
import type { Time } from '../../domain/time.ts'
import { sideBySide } from '../side-by-side.ts'
import type { PendingRow } from './pending-reader.ts'

/** How what a row points at has ended. */
export interface EndedRow extends PendingRow {
  readonly delivered: readonly ArchivedEvent[]
  readonly owed: readonly Refused[]
  readonly dead: readonly Refused[]
  readonly requests: readonly EventsRequest[]
}

/** What the rows that ended together have in common. */
export interface Ending {
  readonly page: OutboxPage
  /** Of the monotonic clock. */
  readonly startedMs: number
  readonly stoppedBy: Fault | undefined
}

export interface SettleDeps {
  readonly outbox: Pick<Outbox, 'replace' | 'remove'>
  readonly deadLetters: DeadLetters
  readonly receipts: Receipts
  readonly time: Time
  readonly onStep: OnStep
}

/** Writes of one kind that are under way at a time. */
const WRITES_AT_ONCE = 16

/** What became of rows that were settled. */
export interface Settled {
  readonly deadLettered: number
  /** Rows that still owe something, as they are now. */
  readonly left: readonly StoredRow[]
}

/**
 * Writes down how rows have ended, each kind of writing after the one before it: dead letters, what is left of rows, receipts; then the rows
 * are removed that owe nothing any more.
 * @throws DurabilityError when the storage does not answer
 */
export async function settleRows(
  rows: readonly EndedRow[],
  ending: Ending,
  deps: SettleDeps,
): Promise<Settled> {
  const { outbox, deadLetters, receipts, time, onStep } = deps
  const { page } = ending
  const ends = rows.map((ended) => ({ ended, letters: lettersOfRow(page.sink, ended, time.now()) }))
  const burials = ends.flatMap(({ letters }) => (letters.length === 0 ? [] : [letters]))
  await sideBySide(burials, WRITES_AT_ONCE, (letters) => deadLetters.bury(letters))
  if (burials.length > 0) await onStep('debtBuried')

  const left: StoredRow[] = []
  const reduced = rows.filter(({ owed }) => owed.length > 0)
  await sideBySide(reduced, WRITES_AT_ONCE, async (ended) => {
    const row = await outbox.replace(page, stillOwing(ended))
    if (row !== undefined) left.push(row)
  })
  if (left.length > 0) await onStep('debtReduced')

  await receipts.fileRows(ends.map(({ ended, letters }) => reportOf(ended, letters, ending, time)))
  await onStep('redeliveryFiled')
  const paid = rows.filter(({ owed }) => owed.length === 0)
  await outbox.remove(
    page,
    paid.map(({ row }) => row),
  )
  await onStep('debtsRemoved')
  left.sort((a, b) => (a.key < b.key ? -1 : 1))
  return { deadLettered: burials.flat().length, left }
}

/** The row with what is left of it: its key stays, so that the stream's order does. */
function stillOwing({ row: found, owed }: EndedRow): StoredRow {
  const { lookAgainAt: _, ...row } = found
  const fault = owed[0]?.fault ?? OUT_OF_TIME
  const isUntried = fault === OUT_OF_TIME
  return {
    ...row,
    lines: linesOf(owed.map(({ archived }) => archived)),
    events: owed.length,
    attempts: row.attempts + (isUntried ? 0 : 1),
    ...(isUntried ? {} : { lastFault: { code: fault.code, message: fault.message } }),
  }
}

function reportOf(
  { row, filtered, delivered, owed, requests }: EndedRow,
  letters: readonly DeadLetter[],
  { page, startedMs, stoppedBy }: Ending,
  time: Pick<Time, 'monotonicMs'>,
): RowReport {
  const byEnd = {
    delivered,
    owed: owed.map(({ archived }) => archived),
    deadLettered: letters,
    duplicate: [],
    filtered: [],
  }
  return {
    blob: row.blob,
    lines: row.lines,
    ...(row.mode === undefined ? {} : { mode: row.mode }),
    sink: page.sink,
    // What is of no category today is counted, but has no event whose line could be named.
    tally: { ...countEnds(byEnd), filtered },
    ends: endLines(byEnd),
    requests,
    attempts: row.attempts + 1,
    tookMs: time.monotonicMs() - startedMs,
    stoppedBy,
  }
}

/** The dead letters of a row: refused events, and records that cannot be normalised. One a line, since that is what a pointer can tell apart. */
function lettersOfRow(sink: string, { row, dead, faults }: EndedRow, nowMs: number): readonly DeadLetter[] {
  const attempts = row.attempts + 1
  const replay: Replay | undefined =
    row.mode === undefined ? undefined : { mode: row.mode, askedAt: row.firstTriedAt }
  const unreadable = faults.map(
    (faulty): DeadLetter => ({
      v: 1,
      id: deadLetterId(sink, faulty.blob, faulty.line),
      sink,
      ...faulty,
      attempts,
      firstTriedAt: row.firstTriedAt,
      diedAt: instant(nowMs),
      ...(replay === undefined ? {} : { replay }),
    }),
  )
  const letters = [...lettersOf(sink, dead, attempts, row.firstTriedAt, nowMs, replay), ...unreadable]
  const byLine = new Map(letters.toReversed().map((letter) => [letter.line, letter]))
  return [...byLine.values()].sort((a, b) => a.line - b.line)
}
