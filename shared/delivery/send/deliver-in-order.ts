import type { ArchivedEvent } from '../../domain/exported-event.ts'
import type { Fault } from '../../domain/fault.ts'
import type { Time } from '../../domain/time.ts'
import type { Encoded, Sink } from '../sink.ts'
import { attempt, type Effort, type TriedRequest } from './attempt.ts'
import { type Delivery, deliveriesOf, type Item } from './deliveries.ts'
import { Refusals } from './refusals.ts'
import { RefusedAlone } from './refused-alone.ts'

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
export interface Outcomes {
  readonly delivered: readonly ArchivedEvent[]
  /** Not now: the sink's fault, or nobody's. In the stream's order. */
  readonly pending: readonly Refused[]
  /** Never: the record's own fault. */
  readonly deadLettered: readonly Refused[]
  /** How many of those pending were refused alone. */
  readonly refusedAlone: number
  readonly attempts: number
  /** What was sent, in that order. */
  readonly requests: readonly EventsRequest[]
  /** The fault that ended it, when one did: nothing more was sent to this sink. */
  readonly stoppedBy: Fault | undefined
}

/**
 * Hands events to a sink in the stream's order. The first fault that is not a record's own ends it:
 * what comes after is pending too, so that nothing overtakes. A refused payload is halved until a
 * record stands alone; `RefusedAlone` decides whether that one is dead-lettered.
 */
export async function deliverInOrder<E extends Encoded>(
  sink: Sink<E>,
  items: readonly Item<E>[],
  effort: Effort,
  time: Time,
): Promise<Outcomes> {
  const refusedAloneEvents = new RefusedAlone<E>(sink.refusals ?? new Refusals())
  const delivered: ArchivedEvent[] = []
  const pending = new Map<Item<E>, Fault>()
  const requests: EventsRequest[] = []
  let attempts = 0
  let stoppedBy: Fault | undefined

  async function deliver(delivery: Delivery<E>): Promise<void> {
    if (stoppedBy !== undefined) return keepPending(delivery, stoppedBy)
    const tried = await attempt(sink, delivery, effort, time)
    attempts += tried.attempts
    requests.push(...tried.requests.map((request) => withEvents(request, delivery)))
    const { outcome } = tried
    switch (outcome.status) {
      case 'delivered':
        return take(delivery)
      case 'partial':
        return settlePartial(delivery, outcome.failed)
      case 'failed':
        return outcome.fault.scope === 'record'
          ? isolate(delivery, outcome.fault)
          : stop(delivery, outcome.fault)
    }
  }

  function take(some: Delivery<E>): void {
    for (const { archived } of some) delivered.push(archived)
    refusedAloneEvents.taken(some)
  }

  function keepPending(delivery: Delivery<E>, fault: Fault): void {
    for (const item of delivery) pending.set(item, fault)
  }

  function stop(delivery: Delivery<E>, fault: Fault): void {
    stoppedBy ??= fault
    keepPending(delivery, fault)
  }

  async function settlePartial(delivery: Delivery<E>, failed: ReadonlyMap<string, Fault>): Promise<void> {
    const taken: Item<E>[] = []
    const refused: Item<E>[] = []
    const untaken = new Map<Item<E>, Fault>()
    let refusal: Fault | undefined
    for (const item of delivery) {
      const fault = failed.get(item.encoded.eventId)
      if (fault === undefined) taken.push(item)
      else if (fault.scope !== 'record') untaken.set(item, fault)
      else {
        refused.push(item)
        refusal ??= fault
      }
    }
    take(taken)
    if (refusal === undefined) {
      for (const [item, fault] of untaken) stop([item], fault)
      return
    }
    // A fault of several together says of none of them that it is the bad one.
    await isolate(refused, refusal)
    // What was not taken for the sake of a bad record can go at once; if it was the sink's own
    // trouble, this shows it.
    if (untaken.size > 0) await deliver([...untaken.keys()])
  }

  async function isolate(delivery: Delivery<E>, fault: Fault): Promise<void> {
    const [only, second] = delivery
    if (only !== undefined && second === undefined) {
      stoppedBy ??= refusedAloneEvents.refused(only, fault)
      return
    }
    const middle = Math.ceil(delivery.length / 2)
    await deliver(delivery.slice(0, middle))
    await deliver(delivery.slice(middle))
  }

  for (const delivery of deliveriesOf(sink, items)) await deliver(delivery)
  const { bad, unproven } = refusedAloneEvents.verdicts()
  for (const { item, fault } of unproven) pending.set(item, fault)
  return {
    delivered,
    pending: items.flatMap((item) => {
      const fault = pending.get(item)
      return fault === undefined ? [] : [{ archived: item.archived, fault }]
    }),
    deadLettered: bad.map(({ item, fault }) => ({ archived: item.archived, fault })),
    refusedAlone: unproven.length,
    attempts,
    requests,
    stoppedBy: stoppedBy ?? unproven[0]?.fault,
  }
}
