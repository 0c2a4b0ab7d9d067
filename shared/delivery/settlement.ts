import type { ArchivedEvent } from '../domain/exported-event.ts'
import type { Fault } from '../domain/fault.ts'
import { InvariantError } from '../domain/invariant-error.ts'
import { sinkBalances } from '../domain/tally.ts'
import { countOutcomes } from './receipts/outcome-lines.ts'
import type { TriedRequest } from './send/attempt.ts'

/** An event that a sink did not take, and why. */
export interface Refused {
  readonly archived: ArchivedEvent
  readonly fault: Fault
}

/** A request, and the events it carried. */
export interface EventsRequest extends Omit<TriedRequest, 'eventIds'> {
  readonly events: readonly ArchivedEvent[]
}

/** Outcomes of events at one sink; each event is in exactly one of the five lists. */
export interface Outcomes {
  readonly delivered: readonly ArchivedEvent[]
  /** Not delivered yet, in stream order; the record is not at fault. */
  readonly pending: readonly Refused[]
  /** Given up on: the record is at fault. */
  readonly deadLettered: readonly Refused[]
  readonly duplicate: readonly ArchivedEvent[]
  readonly filtered: readonly ArchivedEvent[]
  /** In the order they were sent. */
  readonly requests: readonly EventsRequest[]
}

export const NO_OUTCOMES: Outcomes = {
  delivered: [],
  pending: [],
  deadLettered: [],
  duplicate: [],
  filtered: [],
  requests: [],
}

/** How the events prepared for one sink were settled. */
export interface Settlement extends Outcomes {
  /** How many pending events were refused alone. */
  readonly refusedAlone: number
  readonly attempts: number
  /** The fault after which nothing more was sent to this sink, if any. */
  readonly stoppedBy: Fault | undefined
}

/** @throws InvariantError if an event has no outcome, or two */
export function checkConserved(events: readonly ArchivedEvent[], outcomes: Outcomes): void {
  const { delivered, pending, deadLettered, duplicate, filtered } = outcomes
  const known = new Set([...delivered, ...duplicate, ...filtered])
  for (const { archived } of pending) known.add(archived)
  for (const { archived } of deadLettered) known.add(archived)
  let haveOutcomes = true
  for (const event of events) haveOutcomes &&= known.has(event)
  const tally = countOutcomes(outcomes)
  if (!haveOutcomes || !sinkBalances(events.length, tally))
    throw new InvariantError(`${events.length} events at one sink came to ${JSON.stringify(tally)}`)
}
