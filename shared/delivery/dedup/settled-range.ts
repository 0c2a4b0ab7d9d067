import type { Instant } from '../../domain/identifiers.ts'
import type { Position } from '../../domain/position.ts'

/** A run of messages that was read in one go, and so in one incarnation of the hub. */
export interface PositionRange {
  readonly first: Position
  readonly last: Position
}

/**
 * A range that is settled at one sink, by sequence number *and* by time: a re-created hub numbers
 * anew, but its time goes on.
 */
export interface SettledRange {
  readonly fromSequenceNumber: number
  readonly toSequenceNumber: number
  readonly fromEnqueuedAt: Instant
  readonly toEnqueuedAt: Instant
}

/**
 * The latest ranges of one partition that are settled at one sink, oldest first. They are not
 * joined: two ranges that touch by number may belong to two incarnations, and a settled range must
 * never cover what was not settled.
 */
export type SettledRanges = readonly SettledRange[]

/**
 * Far more than the host runs again after a crash: it reads at most a few batches ahead of its
 * checkpoint.
 */
const MAX_RANGES = 16

const within = (s: SettledRange, { sequenceNumber, enqueuedAt }: Position): boolean =>
  sequenceNumber >= s.fromSequenceNumber &&
  sequenceNumber <= s.toSequenceNumber &&
  enqueuedAt >= s.fromEnqueuedAt &&
  enqueuedAt <= s.toEnqueuedAt

/** Whether a settled range vouches that this position is settled. */
export const covers = (ranges: SettledRanges | undefined, position: Position): boolean =>
  ranges?.some((range) => within(range, position)) ?? false

const settledRange = ({ first, last }: PositionRange): SettledRange => ({
  fromSequenceNumber: first.sequenceNumber,
  toSequenceNumber: last.sequenceNumber,
  fromEnqueuedAt: first.enqueuedAt,
  toEnqueuedAt: last.enqueuedAt,
})

/** Those of the ranges that can cover a position of another. */
export const meeting = (ranges: SettledRanges | undefined, { first, last }: PositionRange): SettledRanges =>
  ranges?.filter(
    (range) =>
      range.fromSequenceNumber <= last.sequenceNumber && range.toSequenceNumber >= first.sequenceNumber,
  ) ?? []

/** Whether a settled range has the whole of a range already. */
export const includes = (ranges: SettledRanges | undefined, range: PositionRange): boolean =>
  ranges?.some((known) => contains(known, settledRange(range))) ?? false

function add(ranges: SettledRanges, settled: SettledRange): SettledRanges {
  const kept = ranges.filter((old) => !contains(settled, old))
  return kept.some((old) => contains(old, settled)) ? kept : [...kept, settled].slice(-MAX_RANGES)
}

/** The settled ranges once a range is settled. */
export const advance = (ranges: SettledRanges | undefined, range: PositionRange): SettledRanges =>
  add(ranges ?? [], settledRange(range))

/** The ranges of both, those of `newer` last. */
export const mergeRanges = (
  older: SettledRanges | undefined,
  newer: SettledRanges | undefined,
): SettledRanges => (newer ?? []).reduce(add, older ?? [])

const contains = (outer: SettledRange, inner: SettledRange): boolean =>
  outer.fromSequenceNumber <= inner.fromSequenceNumber &&
  outer.toSequenceNumber >= inner.toSequenceNumber &&
  outer.fromEnqueuedAt <= inner.fromEnqueuedAt &&
  outer.toEnqueuedAt >= inner.toEnqueuedAt
