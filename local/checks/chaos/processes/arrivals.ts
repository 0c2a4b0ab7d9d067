import type { Json, JsonObject } from '../../../../shared/encoding/json.ts'
import type { StoredRequest } from '../../../emulators/http/stored-request.ts'
import type { Arrival } from '../duplicates/history.ts'

/** An arrival and its request. */
export interface ProcessArrival extends Arrival {
  readonly requestId: string
}

type SinkName = 'log-analytics' | 'webhook'
type Place = Pick<Arrival, 'eventId' | 'place' | 'partition'>

/** An event's place in the stream, according to the event itself. */
const PLACE: Readonly<Record<SinkName, (event: JsonObject) => Place>> = {
  'log-analytics': (row) => placed(row.EventId, row.SourcePartition, row.SequenceNumber, row.RecordOrdinal),
  webhook: (event) => placed(event.id, event.partition, event.sequencenumber, event.ordinal),
}

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '')

const placed = (id?: Json, partition?: Json, sequenceNumber?: Json, ordinal?: Json): Place => ({
  eventId: textOf(id),
  partition: textOf(partition),
  place: placeText(textOf(partition), Number(sequenceNumber), Number(ordinal)),
})

/** The hub is not re-created while processes run, so numbers alone identify a place. */
export const placeText = (partition: string, sequenceNumber: number, ordinal: number): string =>
  `${partition}/${sequenceNumber}/${ordinal}`

/** Collects the requests that receivers have stored. */
export class Arrivals {
  readonly #stored: Readonly<Record<SinkName, Promise<readonly ProcessArrival[]>[]>> = {
    'log-analytics': [],
    webhook: [],
  }

  add(sink: SinkName, { events, requestId, atMs: at, answered }: StoredRequest): void {
    const places = events.map(PLACE[sink])
    this.#stored[sink].push(
      answered.then((is) => places.map((place) => ({ ...place, at, requestId, answered: is }))),
    )
  }

  /**
   * In order of arrival. Call once no sender is running: until then, exchanges may still be open.
   */
  async at(sink: SinkName): Promise<readonly ProcessArrival[]> {
    return (await Promise.all(this.#stored[sink])).flat()
  }
}
