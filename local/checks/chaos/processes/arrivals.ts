import type { Json, JsonObject } from '../../../../shared/encoding/json.ts'
import type { StoredRequest } from '../../../emulators/http/stored-request.ts'
import type { Arrival } from '../duplicates/history.ts'

/** What arrived, and in which request. */
export interface ProcessArrival extends Arrival {
  readonly requestId: string
}

type SinkName = 'log-analytics' | 'webhook'
type Place = Pick<Arrival, 'eventId' | 'place' | 'partition'>

/** Where the stream has what a receiver was sent, by what is written on it. */
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

/** The hub is never made anew while processes run: the numbers alone tell places apart. */
export const placeText = (partition: string, sequenceNumber: number, ordinal: number): string =>
  `${partition}/${sequenceNumber}/${ordinal}`

/** Gathers what receivers are told to have stored. */
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
   * In the order of arrival. To be asked when no sender is left: until then an exchange may not be
   * over.
   */
  async at(sink: SinkName): Promise<readonly ProcessArrival[]> {
    return (await Promise.all(this.#stored[sink])).flat()
  }
}
