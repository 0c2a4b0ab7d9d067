import { SINK_OUTCOMES, type SinkOutcome, type SinkTally } from '../../domain/tally.ts'
import { formatLines } from '../outbox/line-ranges.ts'

/** What stands on a line of an archive blob, or the refusal of it. */
type OnLine = { readonly line: number } | { readonly archived: { readonly line: number } }

/** Contents of archive blob lines, by outcome at a sink. */
export type ByOutcome = { readonly [Outcome in SinkOutcome]: readonly OnLine[] }

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

const lineOf = (one: OnLine): number => ('archived' in one ? one.archived.line : one.line)

/** Formats the lines of these, in any order. */
export function linesOf(some: readonly OnLine[]): string {
  const lines = new Int32Array(some.length)
  for (let i = 0; i < some.length; i += 1) lines[i] = lineOf(some[i] as OnLine)
  return formatLines(lines.sort())
}

export const outcomeLines = (byOutcome: ByOutcome): OutcomeLines =>
  Object.fromEntries(
    SINK_OUTCOMES.filter((outcome) => byOutcome[outcome].length > 0).map((outcome) => [
      outcome,
      linesOf(byOutcome[outcome]),
    ]),
  )
