import type { ArchivedEvent } from '../../domain/exported-event.ts'
import { weakMemo } from '../../encoding/weak-memo.ts'
import type { Encoded, Sink } from '../sink.ts'

/** An encoded event, with its place in the archive. */
export interface Item {
  readonly archived: ArchivedEvent
  readonly encoded: Encoded
}

export type Delivery = readonly Item[]

/** What a sink is handed of a delivery: one and the same list for every attempt. */
export const batchOf = weakMemo((delivery: Delivery): readonly Encoded[] =>
  delivery.map(({ encoded }) => encoded),
)

/**
 * Splits items into deliveries within the sink's limits, in order, each event id once per delivery.
 */
export function* deliveriesOf(
  sink: Pick<Sink, 'limits' | 'sizeOf'>,
  items: readonly Item[],
): Generator<Delivery> {
  let current: Item[] = []
  let ids = new Set<string>()
  let bytes = 0
  for (const item of items) {
    const size = sink.sizeOf([item.encoded])
    const full =
      current.length >= sink.limits.maxEvents ||
      bytes + size > sink.limits.maxBytes ||
      ids.has(item.encoded.eventId)
    if (current.length > 0 && full) {
      yield current
      current = []
      ids = new Set()
      bytes = 0
    }
    current.push(item)
    ids.add(item.encoded.eventId)
    bytes += size
  }
  if (current.length > 0) yield current
}
