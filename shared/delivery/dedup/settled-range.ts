import type { Instant } from '../../domain/identifiers.ts'
import type { Position } from '../../domain/position.ts'

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

const settledStretch = ({ first, last }: Stretch): SettledStretch => ({
  fromSequenceNumber: first.sequenceNumber,
  toSequenceNumber: last.sequenceNumber,
  fromEnqueuedAt: first.enqueuedAt,
  toEnqueuedAt: last.enqueuedAt,
})

/** Whether a mark has the whole of a stretch already. */
export const includes = (mark: Mark | undefined, stretch: Stretch): boolean =>
  mark?.some((known) => contains(known, settledStretch(stretch))) ?? false

/** The mark once a stretch is settled. */
export function advance(mark: Mark | undefined, stretch: Stretch): Mark {
  const settled = settledStretch(stretch)
  const kept = (mark ?? []).filter((old) => !contains(settled, old))
  return kept.some((old) => contains(old, settled)) ? kept : [...kept, settled].slice(-MAX_STRETCHES)
}

const contains = (outer: SettledStretch, inner: SettledStretch): boolean =>
  outer.fromSequenceNumber <= inner.fromSequenceNumber &&
  outer.toSequenceNumber >= inner.toSequenceNumber &&
  outer.fromEnqueuedAt <= inner.fromEnqueuedAt &&
  outer.toEnqueuedAt >= inner.toEnqueuedAt
