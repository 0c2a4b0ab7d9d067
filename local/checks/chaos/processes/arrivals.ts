import type { Json, JsonObject } from '../../../../shared/encoding/json.ts'
import type { StoredRequest } from '../../../emulators/http/stored-request.ts'
import type { Arrival } from '../duplicates/history.ts'

/** An arrival and its request. */
export interface ProcessArrival extends Arrival {
  readonly requestId: string
}

type SinkName = 'log-analytics' | 'webhook'
type ArrivalPosition = Pick<Arrival, 'eventId' | 'position' | 'partition'>

/** An event's position in the stream, according to the event itself. */
const POSITION: Readonly<Record<SinkName, (event: JsonObject) => ArrivalPosition>> = {
  'log-analytics': (row) =>
    positioned(row.EventId, row.SourcePartition, row.SequenceNumber, row.RecordOrdinal),
  webhook: (event) => positioned(event.id, event.partition, event.sequencenumber, event.ordinal),
}

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '')

const positioned = (id?: Json, partition?: Json, sequenceNumber?: Json, ordinal?: Json): ArrivalPosition => ({
  eventId: textOf(id),
  partition: textOf(partition),
  position: positionText(textOf(partition), Number(sequenceNumber), Number(ordinal)),
})

/** The hub is not re-created while processes run, so numbers alone identify a position. */
export const positionText = (partition: string, sequenceNumber: number, ordinal: number): string =>
  `${partition}/${sequenceNumber}/${ordinal}`

/** Collects the requests that receivers have stored. */
export class Arrivals {
  readonly #stored: Readonly<Record<SinkName, Promise<readonly ProcessArrival[]>[]>> = {
    'log-analytics': [],
    webhook: [],
  }

  add(sink: SinkName, { events, requestId, atMs: at, answered }: StoredRequest): void {
    const positions = events.map(POSITION[sink])
    this.#stored[sink].push(
      answered.then((is) => positions.map((position) => ({ ...position, at, requestId, answered: is }))),
    )
  }

  /**
   * In order of arrival. Call once no sender is running: until then, exchanges may still be open.
   */
  async at(sink: SinkName): Promise<readonly ProcessArrival[]> {
    return (await Promise.all(this.#stored[sink])).flat()
  }
}
