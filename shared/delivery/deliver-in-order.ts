import type { ArchivedEvent } from '../domain/exported-event.ts'
import type { Fault } from '../domain/fault.ts'
import type { Time } from '../domain/time.ts'
import { attempt, type Effort, type TriedRequest } from './attempt.ts'
import { type Delivery, deliveriesOf, type Item } from './deliveries.ts'
import type { Encoded, Sink } from './sink.ts'

/** An event that a sink did not take, and why. */
export interface Refused {
  readonly archived: ArchivedEvent
  readonly fault: Fault
}

/** A request, and the events that it was to bring. */
export interface EventsRequest extends Omit<TriedRequest, 'eventIds'> {
  readonly events: readonly ArchivedEvent[]
}

function withEvents({ eventIds, ...request }: TriedRequest, delivery: Delivery<Encoded>): EventsRequest {
  const events = delivery.map((item) => item.archived)
  if (eventIds === undefined) return { ...request, events }
  const ids = new Set(eventIds)
  return { ...request, events: events.filter(({ event }) => ids.has(event.eventId)) }
}

/** What became of the events handed to one sink. Every event is in exactly one of the three lists. */
export interface Ends {
  readonly delivered: readonly ArchivedEvent[]
  /** Not now: the sink's fault, or nobody's. In the stream's order. */
  readonly owed: readonly Refused[]
  /** Never: the record's own fault. */
  readonly buried: readonly Refused[]
  readonly attempts: number
  /** What was sent, in that order. */
  readonly requests: readonly EventsRequest[]
  /** The fault that ended it, when one did: nothing more was sent to this sink. */
  readonly stoppedBy: Fault | undefined
}

class Progress<E extends Encoded> {
  readonly delivered: ArchivedEvent[] = []
  readonly owed: Refused[] = []
  readonly buried: Refused[] = []
  readonly requests: EventsRequest[] = []
  attempts = 0
  stoppedBy: Fault | undefined

  owe(delivery: Delivery<E>, fault: Fault): void {
    for (const { archived } of delivery) this.owed.push({ archived, fault })
  }
}

/**
 * Hands events to a sink in the stream's order. The first fault that is not a record's own ends it: what comes after is owed too, so that
 * nothing overtakes. A refused payload is halved until the bad record stands alone; only that one is buried.
 */
export async function deliverInOrder<E extends Encoded>(
  sink: Sink<E>,
  items: readonly Item<E>[],
  effort: Effort,
  time: Time,
): Promise<Ends> {
  const progress = new Progress<E>()

  async function deliver(delivery: Delivery<E>): Promise<void> {
    if (progress.stoppedBy !== undefined) return progress.owe(delivery, progress.stoppedBy)
    const { outcome, attempts, requests } = await attempt(sink, delivery, effort, time)
    progress.attempts += attempts
    progress.requests.push(...requests.map((request) => withEvents(request, delivery)))
    switch (outcome.status) {
      case 'delivered':
        for (const { archived } of delivery) progress.delivered.push(archived)
        return
      case 'partial':
        return settlePartial(delivery, outcome.failed)
      case 'failed':
        return outcome.fault.scope === 'record'
          ? isolate(delivery, outcome.fault)
          : stop(delivery, outcome.fault)
    }
  }

  function stop(delivery: Delivery<E>, fault: Fault): void {
    progress.stoppedBy = fault
    progress.owe(delivery, fault)
  }

  async function settlePartial(delivery: Delivery<E>, failed: ReadonlyMap<string, Fault>): Promise<void> {
    const refused: Item<E>[] = []
    const untaken: Item<E>[] = []
    for (const item of delivery) {
      const fault = failed.get(item.encoded.eventId)
      if (fault === undefined) progress.delivered.push(item.archived)
      else if (fault.scope === 'record') refused.push(item)
      else untaken.push(item)
    }
    const refusal = faultOf(refused[0], failed)
    if (refusal !== undefined) {
      // A fault of several together says of none of them that it is the bad one.
      await isolate(refused, refusal)
      // What was not taken for the sake of a bad record can go at once; if it was the sink's own trouble, this shows it.
      return untaken.length === 0 ? undefined : deliver(untaken)
    }
    const trouble = faultOf(untaken[0], failed)
    if (trouble === undefined) return
    progress.stoppedBy = trouble
    for (const item of untaken) {
      progress.owed.push({ archived: item.archived, fault: faultOf(item, failed) ?? trouble })
    }
  }

  const faultOf = (item: Item<E> | undefined, failed: ReadonlyMap<string, Fault>): Fault | undefined =>
    item === undefined ? undefined : failed.get(item.encoded.eventId)

  async function isolate(delivery: Delivery<E>, fault: Fault): Promise<void> {
    const [only, second] = delivery
    if (only !== undefined && second === undefined) {
      progress.buried.push({ archived: only.archived, fault })
      return
    }
    const middle = Math.ceil(delivery.length / 2)
    await deliver(delivery.slice(0, middle))
    await deliver(delivery.slice(middle))
  }

  for (const delivery of deliveriesOf(sink, items)) await deliver(delivery)
  return progress
}
