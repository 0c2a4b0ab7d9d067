import type { FiledDeadLetter } from '../../delivery/dead-letters/dead-letter-reader.ts'
import { parseLines } from '../../delivery/outbox/line-ranges.ts'
import type { StoredRow } from '../../delivery/outbox/outbox.ts'
import type { ReadReceipt } from '../../delivery/receipts/parse-receipt.ts'
import { SINK_OUTCOMES, type SinkOutcome } from '../../domain/tally.ts'

/**
 * A record's outcome at one sink. `duplicate`: the sink already had it when this copy arrived.
 * `noReceipt`: no outcome is on file.
 */
export type TracedOutcome = SinkOutcome | 'noReceipt'

/** Lines of one archive blob, and what is on file about them at one sink. */
export interface StoredEvidence {
  readonly line: number
  readonly receipts: readonly ReadReceipt[]
  readonly rows: readonly StoredRow[]
  readonly deadLetters: readonly FiledDeadLetter[]
}

export const includesLine = (lines: string | undefined, line: number): boolean =>
  lines === undefined || (parseLines(lines)?.includes(line) ?? false)

/** A line's outcome according to a receipt; `undefined` if the receipt is not about it. */
export function outcomeInReceipt(receipt: ReadReceipt, line: number): SinkOutcome | undefined {
  // One line can hold several events.
  const named = SINK_OUTCOMES.find((outcome) => {
    const lines = receipt.outcomes[outcome]
    return lines !== undefined && includesLine(lines, line)
  })
  // Replayed in vain: its category is no longer exported, so it has no event.
  const leftOut = receipt.filtered > 0 && receipt.lines !== undefined && includesLine(receipt.lines, line)
  return named ?? (leftOut ? 'filtered' : undefined)
}

/** Derives a record's outcome from what is on file; the latest receipt counts. */
export function tracedOutcome({ line, receipts, rows, deadLetters }: StoredEvidence): TracedOutcome {
  if (rows.some((row) => includesLine(row.lines, line))) return 'pending'
  const own = receipts.toSorted((a, b) => a.at - b.at)
  // Once delivered, a record stays so, whatever became of a later replay.
  if (own.some((r) => outcomeInReceipt(r, line) === 'delivered')) return 'delivered'
  const deadLetter = deadLetters.find((l) => l.deadLetter.line === line)
  const after =
    deadLetter === undefined
      ? own
      : own.filter((r) => r.lines !== undefined && r.at > deadLetter.deadLetter.deadLetteredAt)
  const redelivered = after
    .filter((r) => r.lines !== undefined)
    .flatMap((r) => outcomeInReceipt(r, line) ?? [])
  const settled = after.filter((r) => r.lines === undefined).flatMap((r) => outcomeInReceipt(r, line) ?? [])
  // A rerun batch is settled again: of its outcomes, the first in `SINK_OUTCOMES` says most.
  const outcome = redelivered.at(-1) ?? SINK_OUTCOMES.find((e) => settled.includes(e))
  if (deadLetter !== undefined && outcome === undefined) return 'deadLettered'
  // The row is gone, and the receipt with its outcome is missing.
  return outcome === undefined || outcome === 'pending' ? 'noReceipt' : outcome
}
