import type { ArchivedEvent } from '../../domain/exported-event.ts'
import { type Fault, isFault } from '../../domain/fault.ts'
import type { Encoded, Sink } from '../sink.ts'
import type { Refused } from './deliver-in-order.ts'
import type { Item } from './deliveries.ts'

/** Gives an event a sink's form, or the fault by which it can have none. */
export type Encode = (archived: ArchivedEvent) => Encoded | Fault

/** Events in the sink's form; those that cannot have one are the record's own fault. */
export function encodeAll(
  sink: Pick<Sink, 'encode'>,
  events: readonly ArchivedEvent[],
): { items: Item<Encoded>[]; unfit: Refused[] } {
  const items: Item<Encoded>[] = []
  const unfit: Refused[] = []
  for (const archived of events) {
    const encoded = sink.encode(archived)
    if (isFault(encoded)) unfit.push({ archived, fault: encoded })
    else items.push({ archived, encoded })
  }
  return { items, unfit }
}
