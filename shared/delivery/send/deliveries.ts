import type { ArchivedEvent } from '../../domain/exported-event.ts'
import { weakMemo } from '../../encoding/weak-memo.ts'
import type { Encoded, Sink } from '../sink.ts'

/** An encoded event, with its place in the archive. */
export interface Item {
  readonly archived: ArchivedEvent
  readonly encoded: Encoded
}

export type Delivery = readonly Item[]

const encodedOf = ({ encoded }: Item): Encoded => encoded

/** What a sink is handed of a delivery: one and the same list for every attempt. */
export const batchOf = weakMemo((delivery: Delivery): readonly Encoded[] => delivery.map(encodedOf))

/**
 * Splits items into deliveries within the sink's limits, in order, each event id once per delivery.
 */
export function deliveriesOf(
  sink: Pick<Sink, 'limits' | 'sizeOf'>,
  items: readonly Item[],
): readonly Delivery[] {
  const deliveries: Delivery[] = []
  let from = 0
  let ids = new Set<string>()
  let bytes = 0
  for (const [i, { encoded }] of items.entries()) {
    const size = sink.sizeOf([encoded])
    const isFull =
      i - from >= sink.limits.maxEvents || bytes + size > sink.limits.maxBytes || ids.has(encoded.eventId)
    if (i > from && isFull) {
      deliveries.push(items.slice(from, i))
      from = i
      ids = new Set()
      bytes = 0
    }
    ids.add(encoded.eventId)
    bytes += size
  }
  if (from < items.length) deliveries.push(items.slice(from))
  return deliveries
}
