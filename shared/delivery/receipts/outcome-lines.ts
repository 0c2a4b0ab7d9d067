import type { SinkTally } from '../../domain/tally.ts'
import { formatLines } from '../outbox/line-ranges.ts'

interface OnLine {
  readonly line: number
}

/** What is on lines of one archive blob, by how it ended at a sink. */
export type ByEnd = { readonly [End in keyof SinkTally]: readonly OnLine[] }

/** Lines of an archive blob by how what is on them ended at a sink, as `0-99,105`; only ends that occurred. */
export type EndLines = { readonly [End in keyof SinkTally]?: string }

export const countEnds = (byEnd: ByEnd): SinkTally => ({
  delivered: byEnd.delivered.length,
  owed: byEnd.owed.length,
  deadLettered: byEnd.deadLettered.length,
  duplicate: byEnd.duplicate.length,
  filtered: byEnd.filtered.length,
})

/** The lines of some, in whatever order those are. */
export const linesOf = (some: readonly OnLine[]): string =>
  formatLines([...new Set(some.map(({ line }) => line))].sort((a, b) => a - b))

export const endLines = (byEnd: ByEnd): EndLines =>
  Object.fromEntries(
    Object.entries(byEnd)
      .filter(([, some]) => some.length > 0)
      .map(([end, some]) => [end, linesOf(some)]),
  )
