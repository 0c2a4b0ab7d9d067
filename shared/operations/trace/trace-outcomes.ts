import type { FiledDeadLetter } from '../../delivery/dead-letters/dead-letter-reader.ts'
import { parseLines } from '../../delivery/outbox/line-ranges.ts'
import type { StoredRow } from '../../delivery/outbox/outbox.ts'
import type { ReadReceipt } from '../../delivery/receipts/parse-receipt.ts'
import { SINK_OUTCOMES, type SinkTally } from '../../domain/tally.ts'

type End = keyof SinkTally

/**
 * How a record stands with one sink. `duplicate`: the sink was known to have it when this copy came
 * by. `noReceipt`: how it ended is not on file.
 */
export type TracedOutcome = End | 'noReceipt'

/** Lines of one archive blob, and what is on file about them at one sink. */
export interface OnFile {
  readonly line: number
  readonly receipts: readonly ReadReceipt[]
  readonly rows: readonly StoredRow[]
  readonly deadLetters: readonly FiledDeadLetter[]
}

export const concerns = (lines: string | undefined, line: number): boolean =>
  lines === undefined || (parseLines(lines)?.includes(line) ?? false)

/** How a receipt says that a line has ended; `undefined`: it does not speak of it. */
export function outcomeOn(receipt: ReadReceipt, line: number): End | undefined {
  // One line can hold several events.
  const named = SINK_OUTCOMES.find((outcome) => {
    const lines = receipt.outcomes[outcome]
    return lines !== undefined && concerns(lines, line)
  })
  // A record that is of no exported category any more was replayed in vain, and has no event.
  const leftOut = receipt.filtered > 0 && receipt.lines !== undefined && concerns(receipt.lines, line)
  return named ?? (leftOut ? 'filtered' : undefined)
}

/** Reads a record's end from what is on file; the latest receipt counts. */
export function tracedOutcome({ line, receipts, rows, deadLetters }: OnFile): TracedOutcome {
  if (rows.some((row) => concerns(row.lines, line))) return 'pending'
  const own = receipts.toSorted((a, b) => a.at - b.at)
  // What a sink has it keeps, whatever became of a later replay.
  if (own.some((r) => outcomeOn(r, line) === 'delivered')) return 'delivered'
  const deadLetter = deadLetters.find((l) => l.deadLetter.line === line)
  const after =
    deadLetter === undefined
      ? own
      : own.filter((r) => r.lines !== undefined && r.at > deadLetter.deadLetter.deadLetteredAt)
  const redelivered = after.filter((r) => r.lines !== undefined).flatMap((r) => outcomeOn(r, line) ?? [])
  const settled = after.filter((r) => r.lines === undefined).flatMap((r) => outcomeOn(r, line) ?? [])
  // A batch that was run again is settled again: what it was told of first is what happened.
  const outcome = redelivered.at(-1) ?? SINK_OUTCOMES.find((e) => settled.includes(e))
  if (deadLetter !== undefined && outcome === undefined) return 'deadLettered'
  // Its row is gone, and the paper that said what it came to is not there.
  return outcome === undefined || outcome === 'pending' ? 'noReceipt' : outcome
}
