import type { Instant } from '../domain/identifiers.ts'
import type { Position } from '../domain/position.ts'

/**
 * A stretch of one partition that is settled at one sink, without holes. Only what lies inside is skipped: a position must be within it
 * by sequence number *and* by time, since a re-created hub numbers anew.
 */
export interface Mark {
  readonly fromSequenceNumber: number
  readonly toSequenceNumber: number
  readonly toEnqueuedAt: Instant
}

/** A stretch of messages that was settled just now. */
export interface Stretch {
  readonly first: Position
  readonly last: Position
}

/** Whether a mark vouches that this position is settled. */
export const covers = (mark: Mark | undefined, position: Position): boolean =>
  mark !== undefined &&
  position.sequenceNumber >= mark.fromSequenceNumber &&
  position.sequenceNumber <= mark.toSequenceNumber &&
  position.enqueuedAt <= mark.toEnqueuedAt

/** The mark after a stretch is settled: longer where the stretch touches it, begun anew where there is a hole or a new incarnation. */
export function advance(mark: Mark | undefined, { first, last }: Stretch): Mark {
  const fresh: Mark = {
    fromSequenceNumber: first.sequenceNumber,
    toSequenceNumber: last.sequenceNumber,
    toEnqueuedAt: last.enqueuedAt,
  }
  if (mark === undefined) return fresh
  const newIncarnation = last.sequenceNumber <= mark.toSequenceNumber && last.enqueuedAt > mark.toEnqueuedAt
  const touches =
    first.sequenceNumber <= mark.toSequenceNumber + 1 && last.sequenceNumber >= mark.fromSequenceNumber - 1
  if (newIncarnation || !touches) return fresh
  if (last.sequenceNumber <= mark.toSequenceNumber) {
    return { ...mark, fromSequenceNumber: Math.min(mark.fromSequenceNumber, first.sequenceNumber) }
  }
  return { ...fresh, fromSequenceNumber: Math.min(mark.fromSequenceNumber, first.sequenceNumber) }
}

/** Whether `other` says at least as much as `mine`: then a lost race is no loss. */
export const atOrBeyond = (other: Mark, mine: Mark): boolean =>
  other.toEnqueuedAt > mine.toEnqueuedAt ||
  (other.toEnqueuedAt === mine.toEnqueuedAt && other.toSequenceNumber >= mine.toSequenceNumber)
