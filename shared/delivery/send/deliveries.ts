import type { ArchivedEvent } from '../../domain/exported-event.ts'
import type { Encoded, Sink } from '../sink.ts'

/** An encoded event, with its place in the archive. */
export interface Item<E extends Encoded> {
  readonly archived: ArchivedEvent
  readonly encoded: E
}

export type Delivery<E extends Encoded> = readonly Item<E>[]

/**
 * Splits items into deliveries within the sink's limits, in order, each event id once per delivery.
 */
export function* deliveriesOf<E extends Encoded>(
  sink: Pick<Sink<E>, 'limits' | 'sizeOf'>,
  items: readonly Item<E>[],
): Generator<Delivery<E>> {
  let current: Item<E>[] = []
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
