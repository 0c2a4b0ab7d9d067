import { expandLines } from '../../../../shared/delivery/outbox/line-ranges.ts'
import type { OutcomeLines } from '../../../../shared/delivery/receipts/outcome-lines.ts'
import type { Ingestion } from './history.ts'

/** A receipt's outcomes for one sink. */
export interface ReceiptOutcomes {
  readonly blob: string
  readonly sink: string
  /** Only for redelivery: the lines concerned. */
  readonly lines?: string
  readonly outcomes: OutcomeLines
}

/**
 * By position: the processes whose duplicate window holds what is there. A process adds what it
 * delivered or kept pending when it ingested it; redelivery adds nothing.
 * @param positions of the lines of the archive, by `<blob>#<line>`
 */
export function ingestionsAt(
  sink: string,
  receipts: Iterable<readonly [ReceiptOutcomes, Ingestion]>,
  positions: ReadonlyMap<string, string>,
): ReadonlyMap<string, readonly Ingestion[]> {
  const byPosition = new Map<string, Ingestion[]>()
  for (const [{ blob, outcomes, ...receipt }, taken] of receipts) {
    if (receipt.sink !== sink || receipt.lines !== undefined) continue
    const known = [outcomes.delivered, outcomes.pending].flatMap((lines) =>
      lines === undefined ? [] : expandLines(lines),
    )
    for (const position of known.flatMap((line) => positions.get(`${blob}#${line}`) ?? [])) {
      const some = byPosition.get(position) ?? []
      byPosition.set(position, some)
      some.push(taken)
    }
  }
  return byPosition
}
