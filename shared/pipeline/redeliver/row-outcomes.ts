import { OUT_OF_TIME } from '../../delivery/send/attempt.ts'
import type { EventsRequest, Outcomes, Refused } from '../../delivery/send/deliver-in-order.ts'
import type { ArchivedEvent } from '../../domain/exported-event.ts'
import { type Fault, sinkFault } from '../../domain/fault.ts'
import type { PendingRow } from './pending-reader.ts'
import type { SettledRow } from './settle-rows.ts'

/**
 * Tells the events of an outbox partition apart, and not the rows that point at them: a batch that runs again can leave a second row for what the first
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

/** A row as it ends that is too old: what it has pending is pending no more. */
export const expired = (row: SettledRow): SettledRow => ({
  ...row,
  pending: [],
  dead: [...row.dead, ...row.pending.map(({ archived }) => ({ archived, fault: EXPIRED }))],
})

/** A row of which nothing was tried. */
export const untried = (row: PendingRow): SettledRow => ({
  ...row,
  delivered: [],
  pending: row.events.map((archived) => ({ archived, fault: OUT_OF_TIME })),
  dead: [],
  requests: [],
})

/** How the events of some rows have ended. */
export class EventOutcomes {
  readonly #pending: ReadonlyMap<string, Fault>
  readonly #dead: ReadonlyMap<string, Fault>
  readonly #requests: readonly { readonly request: EventsRequest; readonly brought: ReadonlySet<string> }[]

  /** @param beyond events that were not handed over */
  constructor({ pending, deadLettered, requests }: Outcomes, beyond: readonly ArchivedEvent[]) {
    const all = [...pending, ...beyond.map((archived) => ({ archived, fault: OUT_OF_TIME }))]
    this.#pending = new Map(all.map(({ archived, fault }) => [eventKey(archived), fault]))
    this.#dead = new Map(deadLettered.map(({ archived, fault }) => [eventKey(archived), fault]))
    this.#requests = requests.map((request) => ({ request, brought: new Set(request.events.map(eventKey)) }))
  }

  of(row: PendingRow): SettledRow {
    const keyed = row.events.map((archived) => ({ archived, key: eventKey(archived) }))
    const having = (has: (key: string) => boolean): readonly ArchivedEvent[] =>
      keyed.filter(({ key }) => has(key)).map(({ archived }) => archived)
    const refused = (faults: ReadonlyMap<string, Fault>): readonly Refused[] =>
      keyed.flatMap(({ archived, key }) => {
        const fault = faults.get(key)
        return fault === undefined ? [] : [{ archived, fault }]
      })
    return {
      ...row,
      delivered: having((key) => !this.#pending.has(key) && !this.#dead.has(key)),
      pending: refused(this.#pending),
      dead: refused(this.#dead),
      // Those that were to bring some of its events, whichever row they went for.
      requests: this.#requests
        .map(({ request, brought }) => ({ ...request, events: having((key) => brought.has(key)) }))
        .filter(({ events }) => events.length > 0),
    }
  }
}
