import type { ArchiveLeaf } from '../leaf.ts'
/** Messages of a partition that one blob holds. */
export type Range = Pick<
  ArchiveLeaf,
  | 'name'
  | 'namespace'
  | 'hub'
  | 'partition'
  | 'firstSequenceNumber'
  | 'lastSequenceNumber'
  | 'firstEnqueuedAt'
  | 'lastEnqueuedAt'
>

/** Sequence numbers that the archive does not hold. */
export interface Gap {
  readonly first: number
  readonly last: number
  /** Enqueued times of the messages before and behind it. */
  readonly after: string
  readonly before: string
  /** The blob that was sealed with them, and is missing or changed. */
  readonly blob?: string
}

export const inSequence = (ranges: readonly Range[]): readonly Range[] =>
  ranges.toSorted(
    (a, b) => a.firstSequenceNumber - b.firstSequenceNumber || a.lastSequenceNumber - b.lastSequenceNumber,
  )

/** Numbers between ranges, which none of them has. */
export function holesBetween(ranges: readonly Range[]): readonly Gap[] {
  const gaps: Gap[] = []
  let last: Range | undefined
  for (const range of ranges) {
    if (last !== undefined && range.firstSequenceNumber > last.lastSequenceNumber + 1)
      gaps.push({
        first: last.lastSequenceNumber + 1,
        last: range.firstSequenceNumber - 1,
        after: last.lastEnqueuedAt,
        before: range.firstEnqueuedAt,
      })
    if (last === undefined || range.lastSequenceNumber > last.lastSequenceNumber) last = range
  }
  return gaps
}

/**
 * Numbers of lost blobs that no blob that is there holds as well. Each number is of one gap.
 * @param lost in sequence, as `held`
 */
export function holesOfLost(lost: readonly Range[], held: readonly Range[]): readonly Gap[] {
  const gaps: Gap[] = []
  let at = 0
  /** All numbers below are held, or in a gap, or of no lost blob. */
  let next = 0
  let before: Range | undefined
  for (const { name, firstSequenceNumber, lastSequenceNumber, firstEnqueuedAt, lastEnqueuedAt } of lost) {
    next = Math.max(next, firstSequenceNumber)
    while (next <= lastSequenceNumber) {
      for (let one = held[at]; one !== undefined && one.firstSequenceNumber <= next; one = held[at]) {
        if (before === undefined || one.lastSequenceNumber > before.lastSequenceNumber) before = one
        at += 1
      }
      const behind = held[at]
      if (before !== undefined && before.lastSequenceNumber >= next) {
        next = before.lastSequenceNumber + 1
        continue
      }
      const last = Math.min(lastSequenceNumber, (behind?.firstSequenceNumber ?? Number.POSITIVE_INFINITY) - 1)
      gaps.push({
        first: next,
        last,
        after: before?.lastEnqueuedAt ?? firstEnqueuedAt,
        before: behind?.firstEnqueuedAt ?? lastEnqueuedAt,
        blob: name,
      })
      next = last + 1
    }
  }
  return gaps
}
