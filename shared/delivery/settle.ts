import type { ArchivedEvent } from '../domain/exported-event.ts'
import type { Fault } from '../domain/fault.ts'
import type { Time } from '../domain/time.ts'
import type { Prepared } from './prepare.ts'
import { attempt, OUT_OF_TIME, type RetryPolicy, type TriedRequest } from './send/attempt.ts'
import { batchOf, type Delivery, type Item } from './send/deliveries.ts'
import { Refusals } from './send/refusals.ts'
import { RefusedAlone } from './send/refused-alone.ts'
import { checkConserved, type EventsRequest, type Refused, type Settlement } from './settlement.ts'
import type { DeliveryOutcome, Sink } from './sink.ts'

/**
 * Sends prepared events to a sink in stream order. The first fault that is not a record's own stops
 * it and leaves the rest pending, so that nothing overtakes. A refused payload is halved until one
 * event remains; `RefusedAlone` decides whether that event is dead-lettered. What follows it is
 * sent one by one until something is accepted: refusals may be slow, and two answers decide.
 * @throws InvariantError if an event has no outcome, or two
 */
export async function settle(
  sink: Sink,
  prepared: Prepared,
  retry: RetryPolicy,
  time: Time,
): Promise<Settlement> {
  const sending = new Sending(sink)
  const ahead = [...prepared.deliveries]
  /** Refused in earlier runs: once something is accepted. */
  const later: Delivery[] = []
  const following = (): Delivery | undefined =>
    ahead.shift() ?? (sending.areUndecided ? undefined : later.shift())
  for (let next = following(); next !== undefined; next = following()) {
    if (sending.stoppedBy !== undefined) {
      sending.keepPending(next, sending.stoppedBy)
      continue
    }
    if (sending.areUndecided && next.length > 1) {
      ahead.unshift(next.slice(0, 1), next.slice(1))
      continue
    }
    if (sending.isLeftForLater(next)) {
      later.push(next)
      continue
    }
    const attempting = attempt(sink, next, retry, time)
    if (ahead[0] !== undefined) sink.ready?.(batchOf(ahead[0]))
    const { outcome, attempts, requests } = await attempting
    sending.attempts += attempts
    sending.requests.push(...requests.map(withEventsOf(next)))
    switch (outcome.status) {
      case 'delivered':
        sending.take(next)
        break
      case 'partial':
        ahead.unshift(...sending.takePart(next, outcome))
        break
      case 'failed':
        if (outcome.fault.scope === 'record') ahead.unshift(...sending.halve(next, outcome.fault))
        else sending.stop(next, outcome.fault)
    }
  }
  for (const one of later) sending.keepPending(one, OUT_OF_TIME)
  return sending.end(prepared)
}

/** The outcomes when nothing is sent: what should have been sent is pending with `fault`. */
export function settleWithoutSending(prepared: Prepared, fault: Fault | undefined): Settlement {
  const sending = new Sending()
  if (fault !== undefined) sending.stop(prepared.deliveries.flat(), fault)
  return sending.end(prepared)
}

type Partial = Extract<DeliveryOutcome, { readonly status: 'partial' }>

/** Progress of sending one prepared batch. */
class Sending {
  attempts = 0
  readonly requests: EventsRequest[] = []
  #stoppedBy: Fault | undefined
  readonly #delivered: ArchivedEvent[] = []
  readonly #pending = new Map<Item, Fault>()
  readonly #refusedAlone: RefusedAlone

  constructor({ refusals }: Pick<Sink, 'refusals'> = {}) {
    this.#refusedAlone = new RefusedAlone(refusals ?? new Refusals())
  }

  get stoppedBy(): Fault | undefined {
    return this.#stoppedBy
  }

  get areUndecided(): boolean {
    return this.#refusedAlone.areUndecided
  }

  isLeftForLater([first]: Delivery): boolean {
    return first !== undefined && this.#refusedAlone.isLeftForLater(first)
  }

  take(some: Delivery): void {
    for (const { archived } of some) this.#delivered.push(archived)
    this.#refusedAlone.taken(some)
  }

  keepPending(some: Delivery, fault: Fault): void {
    for (const item of some) this.#pending.set(item, fault)
  }

  stop(some: Delivery, fault: Fault): void {
    this.#stoppedBy ??= fault
    this.keepPending(some, fault)
  }

  /** Records a partial answer; returns the deliveries to send next. */
  takePart(delivery: Delivery, { failed, isPerEvent }: Partial): readonly Delivery[] {
    const taken: Item[] = []
    const refused: (readonly [Item, Fault])[] = []
    const untaken = new Map<Item, Fault>()
    for (const item of delivery) {
      const fault = failed.get(item.encoded.eventId)
      if (fault === undefined) taken.push(item)
      else if (fault.scope === 'record') refused.push([item, fault])
      else untaken.set(item, fault)
    }
    // What was accepted along with it proves that an event was refused for its own sake.
    if (isPerEvent === true) for (const one of refused) this.#refuse(...one, taken.length === 0)
    this.take(taken)
    const [refusal] = refused
    if (refusal === undefined || isPerEvent === true) {
      for (const [item, fault] of untaken) this.stop([item], fault)
      return []
    }
    // A refusal of several events does not tell which one is bad. The others can be sent at once;
    // if the sink itself is at fault, that shows it.
    const again = this.halve(
      refused.map(([item]) => item),
      refusal[1],
    )
    return untaken.size === 0 ? again : [...again, [...untaken.keys()]]
  }

  /** The halves of a refused delivery, to send next; none if it holds a single event. */
  halve(delivery: Delivery, fault: Fault): readonly Delivery[] {
    const [only, second] = delivery
    if (only !== undefined && second === undefined) {
      this.#refuse(only, fault, true)
      return []
    }
    const middle = Math.ceil(delivery.length / 2)
    return [delivery.slice(0, middle), delivery.slice(middle)]
  }

  /** @param counts whether a refusal of everything stops the run */
  #refuse(item: Item, fault: Fault, counts: boolean): void {
    const ofSink = this.#refusedAlone.refused(item, fault)
    if (counts) this.#stoppedBy ??= ofSink
  }

  #pendingOf(delivery: Delivery): readonly Refused[] {
    return delivery.flatMap((item) => {
      const fault = this.#pending.get(item)
      return fault === undefined ? [] : [{ archived: item.archived, fault }]
    })
  }

  end({ events, deliveries, unfit, filtered, duplicate }: Prepared): Settlement {
    const { bad, unproven } = this.#refusedAlone.verdicts()
    for (const { item, fault } of unproven) this.#pending.set(item, fault)
    const settlement: Settlement = {
      delivered: this.#delivered,
      pending: this.#pending.size === 0 ? [] : deliveries.flatMap((delivery) => this.#pendingOf(delivery)),
      deadLettered: [...unfit, ...bad.map(({ item, fault }) => ({ archived: item.archived, fault }))],
      duplicate,
      filtered,
      refusedAlone: unproven.length,
      attempts: this.attempts,
      requests: this.requests,
      stoppedBy: this.#stoppedBy ?? unproven[0]?.fault,
    }
    checkConserved(events, settlement)
    return settlement
  }
}

const archivedOf = ({ archived }: Item): ArchivedEvent => archived

const withEventsOf =
  (delivery: Delivery) =>
  ({ eventIds, ...request }: TriedRequest): EventsRequest => {
    const events = delivery.map(archivedOf)
    // Each event has an id of its own in a delivery.
    if (eventIds === undefined || eventIds.length === events.length) return { ...request, events }
    const ids = new Set(eventIds)
    return { ...request, events: events.filter(({ event }) => ids.has(event.eventId)) }
  }
