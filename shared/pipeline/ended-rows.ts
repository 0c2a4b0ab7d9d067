import { OUT_OF_TIME } from '../delivery/attempt.ts'
import type { Ends, EventsRequest, Refused } from '../delivery/deliver-in-order.ts'
import type { ArchivedEvent } from '../domain/exported-event.ts'
import { type Fault, sinkFault } from '../domain/fault.ts'
import type { PendingRow } from './pending-reader.ts'
import type { EndedRow } from './settle-rows.ts'

/**
 * Tells the events of a page apart, and not the rows that point at them: a batch that runs again can leave a second row for what the first
 * one points at, in this blob or another. A record that is normalised again may be another event.
 */
const eventKey = ({ position, ordinal, event }: ArchivedEvent): string =>
  `${position.enqueuedAt}/${position.sequenceNumber}/${ordinal}/${event.eventId}`

/** What several rows point at is delivered once, and all of them are told how that ended. */
export const distinctEvents = (rows: readonly PendingRow[]): readonly ArchivedEvent[] => [
  ...new Map(rows.flatMap(({ events }) => events.map((event) => [eventKey(event), event]))).values(),
]

const EXPIRED = sinkFault(
  'deliveryExpired',
  'The sink did not take the event within DELIVERY_MAX_AGE_HOURS. Mend the sink, then retry the dead letter or replay.',
)

/** A row as it ends that is too old: what it owes is owed no more. */
export const expired = (row: EndedRow): EndedRow => ({
  ...row,
  owed: [],
  dead: [...row.dead, ...row.owed.map(({ archived }) => ({ archived, fault: EXPIRED }))],
})

/** A row of which nothing was tried. */
export const untried = (row: PendingRow): EndedRow => ({
  ...row,
  delivered: [],
  owed: row.events.map((archived) => ({ archived, fault: OUT_OF_TIME })),
  dead: [],
  requests: [],
})

/** How the events of some rows have ended. */
export class EventEnds {
  readonly #owed: ReadonlyMap<string, Fault>
  readonly #dead: ReadonlyMap<string, Fault>
  readonly #requests: readonly EventsRequest[]
  /** Of each event, which of the requests were to bring it. */
  readonly #broughtBy = new Map<string, number[]>()

  /** @param beyond events that were not handed over */
  constructor(ends: Ends, beyond: readonly ArchivedEvent[]) {
    this.#owed = new Map([
      ...ends.owed.map(({ archived, fault }) => [eventKey(archived), fault] as const),
      ...beyond.map((archived) => [eventKey(archived), OUT_OF_TIME] as const),
    ])
    this.#dead = new Map(ends.buried.map(({ archived, fault }) => [eventKey(archived), fault]))
    this.#requests = ends.requests
    for (const [i, { events }] of ends.requests.entries())
      for (const event of events) addTo(this.#broughtBy, eventKey(event), i)
  }

  of(row: PendingRow): EndedRow {
    const refusedBy = (faults: ReadonlyMap<string, Fault>): readonly Refused[] =>
      row.events.flatMap((archived) => {
        const fault = faults.get(eventKey(archived))
        return fault === undefined ? [] : [{ archived, fault }]
      })
    const owed = refusedBy(this.#owed)
    const dead = refusedBy(this.#dead)
    const ended = new Set([...owed, ...dead].map(({ archived }) => archived))
    const delivered = row.events.filter((event) => !ended.has(event))
    return { ...row, delivered, owed, dead, requests: this.#requestsFor(row.events) }
  }

  /** Those of the requests that were to bring some of these events, whichever row they went for. */
  #requestsFor(own: readonly ArchivedEvent[]): readonly EventsRequest[] {
    const brought = new Map<number, ArchivedEvent[]>()
    for (const event of own)
      for (const i of this.#broughtBy.get(eventKey(event)) ?? []) addTo(brought, i, event)
    const inOrder = [...brought].sort(([a], [b]) => a - b)
    return inOrder.flatMap(([i, events]) => this.#requests.slice(i, i + 1).map((r) => ({ ...r, events })))
  }
}

function addTo<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const known = lists.get(key)
  if (known === undefined) lists.set(key, [value])
  else known.push(value)
}
