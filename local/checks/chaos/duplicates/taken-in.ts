import { expandLines } from '../../../../shared/delivery/outbox/line-ranges.ts'
import type { EndLines } from '../../../../shared/delivery/receipts/outcome-lines.ts'
import type { TakenIn } from './story.ts'

/** What a receipt says of one sink. */
export interface ReceiptEnds {
  readonly blob: string
  readonly sink: string
  /** Only of a debt that was paid: which lines it was about. */
  readonly lines?: string
  readonly ends: EndLines
}

/**
 * By place: which processes have put what stands there into their duplicate window. That is what they delivered or owed when they took it
 * in; paying a debt puts nothing there.
 * @param places of the lines of the archive, by `<blob>#<line>`
 */
export function takenInAt(
  sink: string,
  receipts: Iterable<readonly [ReceiptEnds, TakenIn]>,
  places: ReadonlyMap<string, string>,
): ReadonlyMap<string, readonly TakenIn[]> {
  const byPlace = new Map<string, TakenIn[]>()
  for (const [{ blob, ends, ...receipt }, taken] of receipts) {
    if (receipt.sink !== sink || receipt.lines !== undefined) continue
    const known = [ends.delivered, ends.owed].flatMap((lines) =>
      lines === undefined ? [] : expandLines(lines),
    )
    for (const place of known.flatMap((line) => places.get(`${blob}#${line}`) ?? [])) {
      const some = byPlace.get(place) ?? []
      byPlace.set(place, some)
      some.push(taken)
    }
  }
  return byPlace
}
