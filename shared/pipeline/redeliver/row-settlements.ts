import { OUT_OF_TIME } from '../../delivery/send/attempt.ts'
import { type EventsRequest, NO_OUTCOMES, type Outcomes, type Refused } from '../../delivery/settlement.ts'
import type { ArchivedEvent } from '../../domain/exported-event.ts'
import type { Fault } from '../../domain/fault.ts'
import { EXPIRED } from './age-limit.ts'
import type { PendingRow } from './pending-reader.ts'

/** An outbox row, and the outcomes of its events. */
export interface SettledRow extends PendingRow {
  readonly outcomes: Outcomes
}

/**
 * Identifies an event regardless of the row: a rerun batch can leave a second row for the same
 * events, in this blob or another. A renormalised record may be another event.
 */
const eventKey = ({ position, ordinal, event }: ArchivedEvent): string =>
  `${position.enqueuedAt}/${position.sequenceNumber}/${ordinal}/${event.eventId}`

/** Events of several rows, each once; every row then gets the event's outcome. */
export const distinctEvents = (rows: readonly PendingRow[]): readonly ArchivedEvent[] => [
  ...new Map(rows.flatMap(({ events }) => events.map((event) => [eventKey(event), event]))).values(),
]

/** Dead-letters what is still pending in a row past the age limit. */
export function expired(row: SettledRow): SettledRow {
  const { pending, deadLettered } = row.outcomes
  const past = pending.map(({ archived }) => ({ archived, fault: EXPIRED }))
  return { ...row, outcomes: { ...row.outcomes, pending: [], deadLettered: [...deadLettered, ...past] } }
}

const untriedEvents = (events: readonly ArchivedEvent[]): readonly Refused[] =>
  events.map((archived) => ({ archived, fault: OUT_OF_TIME }))

/** The settlement of a row that was not tried. */
export const untried = (row: PendingRow): SettledRow => ({
  ...row,
  outcomes: { ...NO_OUTCOMES, pending: untriedEvents(row.events) },
})

const faultsByEvent = (refused: readonly Refused[]): ReadonlyMap<string, Fault> =>
  new Map(refused.map(({ archived, fault }) => [eventKey(archived), fault]))

/** Splits the outcomes of a window by row. */
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
        // Requests that carried any of its events, for whichever row.
        requests: this.#requests
          .map(({ request, brought }) => ({ ...request, events: having((key) => brought.has(key)) }))
          .filter(({ events }) => events.length > 0),
      },
    }
  }
}
