import { OUT_OF_TIME } from '../../delivery/send/attempt.ts'
import type { EventsRequest, Outcomes, Refused } from '../../delivery/settlement.ts'
import type { ArchivedEvent, ExportedEvent } from '../../domain/exported-event.ts'
import type { Fault } from '../../domain/fault.ts'
import { EXPIRED } from './age-limit.ts'
import type { PendingRow } from './pending-reader.ts'

/** A row of the outbox, and what became of what it points at. */
export interface SettledRow extends PendingRow {
  readonly outcomes: Outcomes
}

/**
 * Tells the events of an outbox partition apart, and not the rows that point at them: a batch that
 * runs again can leave a second row for what the first one points at, in this blob or another. A
 * record that is normalised again may be another event.
 */
const eventKey = ({ position, ordinal, event }: ArchivedEvent): string =>
  `${position.enqueuedAt}/${position.sequenceNumber}/${ordinal}/${event.eventId}`

/** What several rows point at is delivered once, and all of them are told how that ended. */
export const distinctEvents = (rows: readonly PendingRow[]): readonly ArchivedEvent[] => [
  ...new Map(rows.flatMap(({ events }) => events.map((event) => [eventKey(event), event]))).values(),
]

/**
 * What was archived was asked about before it was pending; what is normalised again is asked about
 * again.
 */
export function wantedIn(
  rows: readonly PendingRow[],
  accepts: (event: ExportedEvent) => boolean,
): (archived: ArchivedEvent) => boolean {
  const asArchived = new Set(
    rows.flatMap(({ row, events }) => (row.mode === 'renormalise' ? [] : events.map(eventKey))),
  )
  return (archived) => asArchived.has(eventKey(archived)) || accepts(archived.event)
}

const NOTHING: Outcomes = {
  delivered: [],
  pending: [],
  deadLettered: [],
  duplicate: [],
  filtered: [],
  requests: [],
}

/** A row that is too old: what it has pending is pending no more. */
export function expired(row: SettledRow): SettledRow {
  const { pending, deadLettered } = row.outcomes
  const past = pending.map(({ archived }) => ({ archived, fault: EXPIRED }))
  return { ...row, outcomes: { ...row.outcomes, pending: [], deadLettered: [...deadLettered, ...past] } }
}

const untriedEvents = (events: readonly ArchivedEvent[]): readonly Refused[] =>
  events.map((archived) => ({ archived, fault: OUT_OF_TIME }))

/** A row of which nothing was tried. */
export const untried = (row: PendingRow): SettledRow => ({
  ...row,
  outcomes: { ...NOTHING, pending: untriedEvents(row.events) },
})

const faultsByEvent = (refused: readonly Refused[]): ReadonlyMap<string, Fault> =>
  new Map(refused.map(({ archived, fault }) => [eventKey(archived), fault]))

/** Each row's share in what became of the events of several. */
export class RowSettlements {
  readonly #pending: ReadonlyMap<string, Fault>
  readonly #dead: ReadonlyMap<string, Fault>
  readonly #filtered: ReadonlySet<string>
  readonly #requests: readonly { readonly request: EventsRequest; readonly brought: ReadonlySet<string> }[]

  /** @param untouched events that were not handed over */
  constructor({ pending, deadLettered, filtered, requests }: Outcomes, untouched: readonly ArchivedEvent[]) {
    this.#pending = faultsByEvent([...pending, ...untriedEvents(untouched)])
    this.#dead = faultsByEvent(deadLettered)
    this.#filtered = new Set(filtered.map(eventKey))
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
      outcomes: {
        delivered: having(
          (key) => !this.#pending.has(key) && !this.#dead.has(key) && !this.#filtered.has(key),
        ),
        pending: refused(this.#pending),
        deadLettered: refused(this.#dead),
        duplicate: [],
        filtered: having((key) => this.#filtered.has(key)),
        // Those that were to bring some of its events, whichever row they went for.
        requests: this.#requests
          .map(({ request, brought }) => ({ ...request, events: having((key) => brought.has(key)) }))
          .filter(({ events }) => events.length > 0),
      },
    }
  }
}
