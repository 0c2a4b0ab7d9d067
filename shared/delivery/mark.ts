import type { Instant } from '../domain/identifiers.ts'
import type { Position } from '../domain/position.ts'

/** A run of messages that was read in one go, and so in one incarnation of the hub. */
export interface Stretch {
  readonly first: Position
  readonly last: Position
}

/** A stretch that is settled at one sink, by sequence number *and* by time: a re-created hub numbers anew, but its time goes on. */
export interface SettledStretch {
  readonly fromSequenceNumber: number
  readonly toSequenceNumber: number
  readonly fromEnqueuedAt: Instant
  readonly toEnqueuedAt: Instant
}

/**
 * The latest stretches of one partition that are settled at one sink, oldest first. They are not joined: two stretches that touch by
 * number may belong to two incarnations, and a mark must never cover what was not settled.
 */
export type Mark = readonly SettledStretch[]

/** Far more than the host runs again after a crash: it reads at most a few batches ahead of its checkpoint. */
const MAX_STRETCHES = 16

const within = (s: SettledStretch, { sequenceNumber, enqueuedAt }: Position): boolean =>
  sequenceNumber >= s.fromSequenceNumber &&
  sequenceNumber <= s.toSequenceNumber &&
  enqueuedAt >= s.fromEnqueuedAt &&
  enqueuedAt <= s.toEnqueuedAt

/** Whether a mark vouches that this position is settled. */
export const covers = (mark: Mark | undefined, position: Position): boolean =>
  mark?.some((stretch) => within(stretch, position)) ?? false

/** The mark once a stretch is settled. */
export function advance(mark: Mark | undefined, { first, last }: Stretch): Mark {
  const settled: SettledStretch = {
    fromSequenceNumber: first.sequenceNumber,
    toSequenceNumber: last.sequenceNumber,
    fromEnqueuedAt: first.enqueuedAt,
    toEnqueuedAt: last.enqueuedAt,
  }
  const kept = (mark ?? []).filter((old) => !contains(settled, old))
  return kept.some((old) => contains(old, settled)) ? kept : [...kept, settled].slice(-MAX_STRETCHES)
}

const contains = (outer: SettledStretch, inner: SettledStretch): boolean =>
  outer.fromSequenceNumber <= inner.fromSequenceNumber &&
  outer.toSequenceNumber >= inner.toSequenceNumber &&
  outer.fromEnqueuedAt <= inner.fromEnqueuedAt &&
  outer.toEnqueuedAt >= inner.toEnqueuedAt

/** Whether `other` says at least as much as `mine` of the newest stretch: then a lost race is no loss. */
export function atOrBeyond(other: Mark, mine: Mark): boolean {
  const newest = mine.at(-1)
  const theirs = other.at(-1)
  if (newest === undefined) return true
  return (
    other.some((stretch) => contains(stretch, newest)) ||
    (theirs !== undefined && theirs.fromEnqueuedAt > newest.toEnqueuedAt)
  )
}
