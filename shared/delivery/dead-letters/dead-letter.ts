import type { Fault } from '../../domain/fault.ts'
import { type EventId, type Instant, instant } from '../../domain/identifiers.ts'
import type { Position } from '../../domain/position.ts'
import { type Digest, sha256Hex } from '../../encoding/digest.ts'
import type { ReplayMode } from '../outbox/outbox.ts'
import type { Refused } from '../settlement.ts'

/** What we gave up on: a pointer into the archive, which holds the record, and why. */
export interface DeadLetter {
  readonly v: 1
  /** 16 hex digits: the same event or record at the same sink has the same id. */
  readonly id: string
  /** The sink that refused it; absent for a record that never became an event. */
  readonly sink?: string
  readonly fault: Fault
  readonly blob: string
  readonly line: number
  /**
   * With fault `archiveUnreadable` only the pointer is known: this is then the position of the
   * first message of the pending delivery, without its offset, …
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
  /** Set if an operator had asked for this delivery. */
  readonly replay?: Replay
}

/** What an operator asked for, and when. */
export interface Replay {
  readonly mode: ReplayMode
  readonly askedAt: Instant
  /** Set if it was a retry of a dead letter. */
  readonly isRetry?: true
}

export const deadLetterId = (sink: string | undefined, blob: string, line: number): string =>
  sha256Hex(`${sink ?? ''}\n${blob}\n${line}`).slice(0, 16)

/** Dead letters for refused events. */
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

/** Stores dead letters. Throws DurabilityError if the storage does not answer. */
export interface DeadLetterWriter {
  /**
   * Writes the dead letters of one archive blob and one sink (or no sink); idempotent. An empty
   * list writes nothing.
   */
  write(deadLetters: readonly DeadLetter[]): Promise<void>
}
