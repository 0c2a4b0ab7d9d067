import type { SinkOutcome, SinkTally } from '../../domain/tally.ts'
import { formatLines } from '../outbox/line-ranges.ts'

interface OnLine {
  readonly line: number
}

/** Contents of archive blob lines, by outcome at a sink. */
export type ByOutcome<T = OnLine> = { readonly [Outcome in SinkOutcome]: readonly T[] }

/**
 * Lines of an archive blob by outcome at a sink, such as `0-99,105`; only outcomes that occurred.
 */
export type OutcomeLines = { readonly [Outcome in SinkOutcome]?: string }

export const countOutcomes = (byOutcome: ByOutcome): SinkTally => ({
  delivered: byOutcome.delivered.length,
  pending: byOutcome.pending.length,
  deadLettered: byOutcome.deadLettered.length,
  duplicate: byOutcome.duplicate.length,
  filtered: byOutcome.filtered.length,
})

/** Formats the lines of these, in any order. */
export const linesOf = (some: readonly OnLine[]): string =>
  formatLines([...new Set(some.map(({ line }) => line))].sort((a, b) => a - b))

export const outcomeLines = (byOutcome: ByOutcome): OutcomeLines =>
  Object.fromEntries(
    Object.entries(byOutcome)
      .filter(([, some]) => some.length > 0)
      .map(([end, some]) => [end, linesOf(some)]),
  )
