import type { ArchivedEvent } from '../domain/exported-event.ts'
import type { EventId } from '../domain/identifiers.ts'
import { covers, type PositionRange, type SettledRanges } from './dedup/settled-range.ts'
import type { Refused } from './send/deliver-in-order.ts'
import type { Item } from './send/deliveries.ts'
import { encodeAll } from './send/encode-all.ts'
import type { Encoded } from './sink.ts'
import type { SinkPipeline } from './sink-pipeline.ts'

/** The events of one chunk. */
export interface ChunkEvents {
  readonly events: readonly ArchivedEvent[]
  /** From the chunk's first message to its last. */
  readonly range: PositionRange
}

/** The events of one chunk, ready for one sink: each is in exactly one of the four lists. */
export interface Prepared extends ChunkEvents {
  /** To be sent, in the sink's form. */
  readonly items: readonly Item<Encoded>[]
  /** Those that can have no such form. */
  readonly unfit: readonly Refused[]
  readonly filtered: readonly ArchivedEvent[]
  readonly duplicate: readonly ArchivedEvent[]
}

/**
 * Sorts out what need not be sent to a sink, and gives the rest its form: nothing else is encoded. Pure but for the sink's own encoder, so it
 * can be done while the archive is being written.
 * @param settled what is known to be settled at this sink
 */
export function prepare(
  pipeline: SinkPipeline,
  { events, range }: ChunkEvents,
  settled: SettledRanges | undefined,
  nowMs: number,
): Prepared {
  const wanted: ArchivedEvent[] = []
  const here = new Set<EventId>()
  const filtered: ArchivedEvent[] = []
  const duplicate: ArchivedEvent[] = []
  for (const archived of events) {
    const id = archived.event.eventId
    if (!pipeline.accepts(archived.event)) filtered.push(archived)
    else if (
      covers(settled, archived.position) ||
      here.has(id) ||
      pipeline.window.isDuplicate(archived, nowMs)
    )
      duplicate.push(archived)
    else {
      here.add(id)
      wanted.push(archived)
    }
  }
  return { events, range, filtered, duplicate, ...encodeAll(pipeline.sink, wanted) }
}
