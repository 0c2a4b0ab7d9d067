import type { ArchivedEvent } from '../domain/exported-event.ts'
import { isFault } from '../domain/fault.ts'
import type { EventId } from '../domain/identifiers.ts'
import { covers, type SettledRanges } from './dedup/settled-range.ts'
import { type Delivery, deliveriesOf, type Item } from './send/deliveries.ts'
import type { Refused } from './settlement.ts'
import type { Sink } from './sink.ts'
import type { SinkPipeline } from './sink-pipeline.ts'

/** Whether an event must be sent to a sink, or why not. */
export type Need = 'wanted' | 'filtered' | 'duplicate'

/** Events prepared for one sink, each in exactly one of the four other lists. */
export interface Prepared {
  readonly events: readonly ArchivedEvent[]
  /** To be sent, in the sink's encoding. */
  readonly deliveries: readonly Delivery[]
  /** Events the sink's encoding cannot express. */
  readonly unfit: readonly Refused[]
  readonly filtered: readonly ArchivedEvent[]
  readonly duplicate: readonly ArchivedEvent[]
}

/**
 * Sets aside the events that a sink does not need, and encodes the rest. Pure except for the sink's
 * encoder, so it can run while the archive is being written.
 * @param needOf called once per event, in order
 */
export function prepare(
  sink: Pick<Sink, 'encode' | 'limits' | 'sizeOf'>,
  events: readonly ArchivedEvent[],
  needOf: (archived: ArchivedEvent) => Need = () => 'wanted',
): Prepared {
  const items: Item[] = []
  const unfit: Refused[] = []
  const filtered: ArchivedEvent[] = []
  const duplicate: ArchivedEvent[] = []
  for (const archived of events) {
    switch (needOf(archived)) {
      case 'filtered':
        filtered.push(archived)
        break
      case 'duplicate':
        duplicate.push(archived)
        break
      case 'wanted': {
        const encoded = sink.encode(archived)
        if (isFault(encoded)) unfit.push({ archived, fault: encoded })
        else items.push({ archived, encoded })
      }
    }
  }
  return { events, deliveries: deliveriesOf(sink, items), unfit, filtered, duplicate }
}

/** Events with the same id as an earlier one in the list. */
export function duplicatesWithin(events: readonly ArchivedEvent[]): ReadonlySet<ArchivedEvent> {
  const ids = new Set<EventId>()
  const repeats = new Set<ArchivedEvent>()
  for (const archived of events) {
    const { eventId } = archived.event
    if (ids.has(eventId)) repeats.add(archived)
    else ids.add(eventId)
  }
  return repeats
}

/**
 * The need for events from the stream: wanted, unless filtered by settings, settled at the sink
 * already, or a duplicate.
 * @param settled ranges known to be settled at this sink
 * @param repeats result of `duplicatesWithin` for these events
 */
export const streamNeeds =
  (
    { accepts, window }: Pick<SinkPipeline, 'accepts' | 'window'>,
    settled: SettledRanges | undefined,
    repeats: ReadonlySet<ArchivedEvent>,
    nowMs: number,
  ): ((archived: ArchivedEvent) => Need) =>
  (archived) => {
    if (!accepts(archived.event)) return 'filtered'
    const isKnown =
      covers(settled, archived.position) || repeats.has(archived) || window.isDuplicate(archived, nowMs)
    return isKnown ? 'duplicate' : 'wanted'
  }
