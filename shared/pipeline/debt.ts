import type { FaultyRecord } from '../archive/chunk.ts'
import { type DeadLetter, deadLetterId, lettersOf } from '../delivery/dead-letter.ts'
import type { Refused } from '../delivery/deliver-in-order.ts'
import { expandLines } from '../delivery/line-ranges.ts'
import type { StoredRow } from '../delivery/outbox.ts'
import type { ArchivedEvent, ExportedEvent } from '../domain/exported-event.ts'
import { instant } from '../domain/identifiers.ts'
import type { Renormalised } from './renormalise.ts'

/** A row of the ledger, and what it points at. */
export interface Debt extends Renormalised {
  readonly row: StoredRow
}

/**
 * Tells the events of a page apart, and not the rows that point at them: a batch that runs again can leave a second row for what the first
 * one points at, in this blob or another. A record that is normalised again may be another event.
 */
export const eventKey = ({ position, ordinal, event }: ArchivedEvent): string =>
  `${position.enqueuedAt}/${position.sequenceNumber}/${ordinal}/${event.eventId}`

/** How pointers are followed; both keep the order of the lines. */
export interface FollowPointers {
  /** The events that a blob holds on these lines. */
  readonly eventsAt: (blob: string, lines: readonly number[]) => Promise<readonly ArchivedEvent[]>
  /** What the records of a blob on these lines are by the code of the day. */
  readonly renormalisedAt: (blob: string, lines: readonly number[]) => Promise<Renormalised>
  /** Whether the operator wants such an event at this sink. What was archived was asked about before it was owed. */
  readonly accepts: (sink: string, event: ExportedEvent) => boolean
}

/** Follows a row's pointer, in the way that the row asks for. */
export async function debtOf(sink: string, row: StoredRow, follow: FollowPointers): Promise<Debt> {
  const lines = expandLines(row.lines)
  if (row.mode !== 'renormalise')
    return { row, events: await follow.eventsAt(row.blob, lines), faults: [], skipped: 0 }
  const { events, faults, skipped } = await follow.renormalisedAt(row.blob, lines)
  const wanted = events.filter(({ event }) => follow.accepts(sink, event))
  return { row, events: wanted, faults, skipped: skipped + events.length - wanted.length }
}

/** The dead letters of a debt: refused events, and records that cannot be normalised. One a line, since that is what a pointer can tell apart. */
export function debtLetters(
  sink: string,
  { row, faults }: Debt,
  refused: readonly Refused[],
  diedMs: number,
): readonly DeadLetter[] {
  const attempts = row.attempts + 1
  const replay = row.mode === undefined ? undefined : { mode: row.mode, askedAt: row.firstTriedAt }
  const unreadable = faults.map(
    (faulty: FaultyRecord): DeadLetter => ({
      v: 1,
      id: deadLetterId(sink, faulty.blob, faulty.line),
      sink,
      ...faulty,
      attempts,
      firstTriedAt: row.firstTriedAt,
      diedAt: instant(diedMs),
      ...(replay === undefined ? {} : { replay }),
    }),
  )
  const letters = [...lettersOf(sink, refused, attempts, row.firstTriedAt, diedMs, replay), ...unreadable]
  const byLine = new Map(letters.toReversed().map((letter) => [letter.line, letter]))
  return [...byLine.values()].sort((a, b) => a.line - b.line)
}
