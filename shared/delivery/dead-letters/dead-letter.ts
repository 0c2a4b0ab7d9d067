import type { Fault } from '../../domain/fault.ts'
import { type EventId, type Instant, instant } from '../../domain/identifiers.ts'
import type { Position } from '../../domain/position.ts'
import { type Digest, sha256Hex } from '../../encoding/digest.ts'
import type { ReplayMode } from '../outbox/outbox.ts'
import type { Refused } from '../settlement.ts'

/**
 * What we gave up on: a pointer at the archive, why, and what to check. The archive has the record
 * itself.
 */
export interface DeadLetter {
  readonly v: 1
  /**
   * Which dead letter this is: the same event, or record, at the same sink makes the same one. 16
   * hex digits.
   */
  readonly id: string
  /** The sink that will not have it; absent for a record that never became an event. */
  readonly sink?: string
  readonly fault: Fault
  readonly blob: string
  readonly line: number
  /**
   * With fault `archiveUnreadable` only the pointer is known: this is the place of the first
   * message of the pending delivery, without its offset, …
   */
  readonly position: Position
  /** … this is 0, … */
  readonly ordinal: number
  /** … and this is `unknown`. */
  readonly digest: Digest
  readonly eventId?: EventId
  readonly attempts: number
  readonly firstTriedAt: Instant
  readonly deadLetteredAt: Instant
  /** Of one that an operator had asked to be delivered (again). */
  readonly replay?: Replay
}

/** What an operator asked for, and when. */
export interface Replay {
  readonly mode: ReplayMode
  readonly askedAt: Instant
}

export const deadLetterId = (sink: string | undefined, blob: string, line: number): string =>
  sha256Hex(`${sink ?? ''}\n${blob}\n${line}`).slice(0, 16)

/** The dead letters of refused events. */
export const deadLettersOf = (
  sink: string,
  deadLettered: readonly Refused[],
  attempts: number,
  firstTriedMs: number,
  deadLetteredMs: number,
  replay?: Replay,
): readonly DeadLetter[] =>
  deadLettered.map(({ archived, fault }) => ({
    v: 1,
    id: deadLetterId(sink, archived.blob, archived.line),
    sink,
    fault,
    blob: archived.blob,
    line: archived.line,
    position: archived.position,
    ordinal: archived.ordinal,
    digest: archived.digest,
    eventId: archived.event.eventId,
    attempts,
    firstTriedAt: instant(firstTriedMs),
    deadLetteredAt: instant(deadLetteredMs),
    ...(replay === undefined ? {} : { replay }),
  }))

/** Where dead letters are kept. Throws DurabilityError when the storage does not answer. */
export interface DeadLetterWriter {
  /**
   * Writes dead letters of one archive blob and one sink (or none); the same ones again are no
   * second dead letter.
   */
  write(deadLetters: readonly DeadLetter[]): Promise<void>
}
