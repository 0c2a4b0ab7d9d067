import type { SinkTally } from '../../domain/tally.ts'
import { formatLines } from '../outbox/line-ranges.ts'

interface OnLine {
  readonly line: number
}

/** What is on lines of one archive blob, by how it ended at a sink. */
export type ByOutcome<T = OnLine> = { readonly [End in keyof SinkTally]: readonly T[] }

/**
 * Lines of an archive blob by how what is on them ended at a sink, as `0-99,105`; only ends that
 * occurred.
 */
export type OutcomeLines = { readonly [End in keyof SinkTally]?: string }

export const countOutcomes = (byOutcome: ByOutcome): SinkTally => ({
  delivered: byOutcome.delivered.length,
  pending: byOutcome.pending.length,
  deadLettered: byOutcome.deadLettered.length,
  duplicate: byOutcome.duplicate.length,
  filtered: byOutcome.filtered.length,
})

/** The lines of some, in whatever order those are. */
export const linesOf = (some: readonly OnLine[]): string =>
  formatLines([...new Set(some.map(({ line }) => line))].sort((a, b) => a - b))

export const outcomeLines = (byOutcome: ByOutcome): OutcomeLines =>
  Object.fromEntries(
    Object.entries(byOutcome)
      .filter(([, some]) => some.length > 0)
      .map(([end, some]) => [end, linesOf(some)]),
  )
