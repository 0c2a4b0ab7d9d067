import type { FiledLetter } from '../delivery/letter-book.ts'
import { expandLines } from '../delivery/line-ranges.ts'
import type { StoredRow } from '../delivery/outbox.ts'
import type { ReadReceipt } from '../delivery/parse-receipt.ts'

/**
 * How a record stands with one sink. `settled`: its chunk's receipt counts several ends, and does not say which event had which:
 * delivered, known to be a duplicate, or filtered. `noReceipt`: none was found.
 */
export type TracedEnd = 'delivered' | 'owed' | 'deadLettered' | 'filtered' | 'settled' | 'noReceipt'

/** Lines of one archive blob, and what is on file about them at one sink. */
export interface OnFile {
  readonly line: number
  readonly receipts: readonly ReadReceipt[]
  readonly rows: readonly StoredRow[]
  readonly letters: readonly FiledLetter[]
}

export const concerns = (lines: string | undefined, line: number): boolean =>
  lines === undefined || expandLines(lines).includes(line)

/** Reads a record's end from what is on file; the latest paper counts. */
export function tracedEnd({ line, receipts, rows, letters }: OnFile, accepted: boolean): TracedEnd {
  if (rows.some((row) => concerns(row.lines, line))) return 'owed'
  const letter = letters.find((l) => l.letter.line === line)
  const own = receipts.filter((r) => concerns(r.lines, line)).toSorted((a, b) => a.at - b.at)
  const after =
    letter === undefined ? own : own.filter((r) => r.lines !== undefined && r.at > letter.letter.diedAt)
  if (letter !== undefined && after.length === 0) return 'deadLettered'
  if (after.length === 0) return 'noReceipt'
  const redelivery = after.findLast((r) => r.lines !== undefined)
  if (redelivery !== undefined)
    return redelivery.delivered > 0 && redelivery.filtered === 0 ? 'delivered' : 'settled'
  if (after.some((r) => r.delivered > 0 && r.duplicate === 0 && r.filtered === 0)) return 'delivered'
  return accepted ? 'settled' : 'filtered'
}
