import type { ArchivedEvent } from '../domain/exported-event.ts'
import type { Fault } from '../domain/fault.ts'
import { InvariantError } from '../domain/invariant-error.ts'
import { sinkBalances } from '../domain/tally.ts'
import { type ByOutcome, countOutcomes } from './receipts/outcome-lines.ts'
import type { TriedRequest } from './send/attempt.ts'

/** An event that a sink did not take, and why. */
export interface Refused {
  readonly archived: ArchivedEvent
  readonly fault: Fault
}

/** A request, and the events that it was to bring. */
export interface EventsRequest extends Omit<TriedRequest, 'eventIds'> {
  readonly events: readonly ArchivedEvent[]
}

/** What became of events at one sink: each is in exactly one of the five lists. */
export interface Outcomes {
  readonly delivered: readonly ArchivedEvent[]
  /** Not now: the sink's fault, or nobody's. In the stream's order. */
  readonly pending: readonly Refused[]
  /** Never: the record's own fault. */
  readonly deadLettered: readonly Refused[]
  readonly duplicate: readonly ArchivedEvent[]
  readonly filtered: readonly ArchivedEvent[]
  /** What was sent, in that order. */
  readonly requests: readonly EventsRequest[]
}

/** How what was prepared for one sink was settled. */
export interface Settlement extends Outcomes {
  /** How many of those pending were refused alone. */
  readonly refusedAlone: number
  readonly attempts: number
  /** The fault that ended it, when one did: nothing more was sent to this sink. */
  readonly stoppedBy: Fault | undefined
}

const archivedOf = ({ archived }: Refused): ArchivedEvent => archived

/** Events by how they ended, without the reasons. */
export const eventsByOutcome = ({
  delivered,
  pending,
  deadLettered,
  duplicate,
  filtered,
}: Outcomes): ByOutcome<ArchivedEvent> => ({
  delivered,
  pending: pending.map(archivedOf),
  deadLettered: deadLettered.map(archivedOf),
  duplicate,
  filtered,
})

/** @throws InvariantError where an event has no outcome, or two */
export function checkConserved(events: readonly ArchivedEvent[], outcomes: Outcomes): void {
  const byOutcome = eventsByOutcome(outcomes)
  const tally = countOutcomes(byOutcome)
  const known = new Set(Object.values(byOutcome).flat())
  if (!sinkBalances(events.length, tally) || !events.every((event) => known.has(event)))
    throw new InvariantError(`${events.length} events at one sink came to ${JSON.stringify(tally)}`)
}
