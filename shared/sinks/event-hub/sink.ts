import { setMaxListeners } from 'node:events'
import type { EventData, EventDataBatch, EventHubProducerClient } from '@azure/event-hubs'
import {
  DELIVERED,
  type DeliveryOutcome,
  type Encoded,
  failed,
  type SentRequest,
  type Sink,
} from '../../delivery/sink.ts'
import { slotOf } from '../../domain/event-fields.ts'
import type { ArchivedEvent, ExportedEvent } from '../../domain/exported-event.ts'
import { type Fault, isFault, recordFault } from '../../domain/fault.ts'
import type { EventId } from '../../domain/identifiers.ts'
import { ABORTED, untilAborted } from '../../domain/until-aborted.ts'
import { sha256Hex } from '../../encoding/digest.ts'
import { type Span, spanBytes } from '../../encoding/span.ts'
import { hubFault, hubTimeout } from './hub-fault.ts'

/** An event as a message: its body, and what keeps events of one identity in order. */
interface HubEvent extends Encoded, Span {
  readonly kind: ExportedEvent['kind']
  readonly partitionKey: string
}

/** The part of the client that is used. */
export type HubProducer = Pick<EventHubProducerClient, 'createBatch' | 'sendBatch' | 'getEventHubProperties'>

export interface EventHubOptions {
  /** What the sink is called in stored rows and logs. */
  readonly name: string
  /** Host of the namespace, for messages. */
  readonly host: string
  /** Must not retry by itself. */
  readonly producer: () => Promise<HubProducer>
  /** Media type of a message's body. */
  readonly contentType: string
  /** Writes the body of a message, of this size at most, cut if need be. */
  readonly encode: (archived: ArchivedEvent, maxBytes: number) => (Encoded & Span) | Fault
}

/** What AMQP and the properties of a message add, at most. */
const OVERHEAD_BYTES = 700
/** What the smallest tier takes in one message: https://learn.microsoft.com/azure/event-hubs/event-hubs-quotas */
const MAX_MESSAGE_BYTES = 250_000
/** Of one delivery, which is sent in several batches. */
const LIMITS = { maxEvents: 500, maxBytes: 1_000_000 } as const

/**
 * A batch has one key, so their number bounds the requests of a delivery; it must suffice for the
 * partitions of a hub. Keys, not partitions: the service maps them, however many partitions there are.
 */
const PARTITION_KEYS = 32
/** Enough digits of a digest to spread identities evenly. */
const HASH_DIGITS = 8

const IDENTITY_ID = slotOf('identity.id')
const TENANT = slotOf('tenantId')

/** The same for all events of an identity; for a heartbeat, which is about none, of a tenant. */
function keyOf({ event: { fields } }: ArchivedEvent): string {
  const whose = JSON.stringify(fields.parse(IDENTITY_ID) ?? fields.parse(TENANT) ?? '')
  return `group-${Number.parseInt(sha256Hex(whose).slice(0, HASH_DIGITS), 16) % PARTITION_KEYS}`
}

/** Events by their partition key, each in its order. */
function byKey(batch: readonly HubEvent[]): readonly (readonly HubEvent[])[] {
  const groups = new Map<string, HubEvent[]>()
  for (const event of batch) {
    const group = groups.get(event.partitionKey)
    if (group === undefined) groups.set(event.partitionKey, [event])
    else group.push(event)
  }
  return [...groups.values()]
}

/** The outcome of the events of one key: the requests, and the faults. */
interface Sent {
  readonly requests: readonly SentRequest[]
  readonly failed: ReadonlyMap<EventId, Fault>
}

const failedFrom = (events: readonly HubEvent[], fault: Fault): ReadonlyMap<EventId, Fault> =>
  new Map(events.map(({ eventId }) => [eventId, fault]))

/**
 * A customer's event hub: one message per event. Identities share a bounded number of partition
 * keys; batches of one key are sent one after another, so that consumers read the events of an
 * identity in order, and those of different keys side by side. `messageId` is the event id; Event
 * Hubs does not drop duplicates, consumers do.
 */
export function eventHubSink({ name, host, producer, contentType, encode }: EventHubOptions): Sink<HubEvent> {
  const dataOf = ({ eventId, kind, memory, start, end }: HubEvent): EventData => ({
    body: memory.bytes.subarray(start, end),
    contentType,
    messageId: eventId,
    properties: { kind },
  })

  /**
   * Sends what fits one batch of the hub; returns those events. Connecting is not
   * aborted: a link that was given up half open keeps the client from ever opening another. It goes
   * on, and the next delivery finds it open.
   */
  async function sendSome(
    hub: HubProducer,
    events: readonly HubEvent[],
    signal: AbortSignal,
  ): Promise<readonly HubEvent[]> {
    const batch: EventDataBatch = await hub.createBatch({
      partitionKey: events[0]?.partitionKey ?? '',
    })
    signal.throwIfAborted()
    const end = events.findIndex((event) => !batch.tryAdd(dataOf(event)))
    const taken = end < 0 ? events : events.slice(0, end)
    if (taken.length > 0) await hub.sendBatch(batch, { abortSignal: signal })
    return taken
  }

  async function sendKey(hub: HubProducer, events: readonly HubEvent[], signal: AbortSignal): Promise<Sent> {
    const requests: SentRequest[] = []
    const refused = new Map<EventId, Fault>()
    let rest = events
    while (rest.length > 0) {
      try {
        const taken = await untilAborted(sendSome(hub, rest, signal), signal)
        if (taken === ABORTED)
          return { requests, failed: new Map([...refused, ...failedFrom(rest, hubTimeout(host))]) }
        const [first] = rest
        if (taken.length > 0) {
          requests.push({ id: requestId(taken), eventIds: taken.map(({ eventId }) => eventId) })
        } else if (first !== undefined) {
          refused.set(
            first.eventId,
            recordFault(
              'tooLarge',
              `The event exceeds what the event hub at ${host} takes in one message. The archive has it.`,
            ),
          )
        }
        rest = rest.slice(Math.max(1, taken.length))
      } catch (error) {
        return { requests, failed: new Map([...refused, ...failedFrom(rest, hubFault(error, host))]) }
      }
    }
    return { requests, failed: refused }
  }

  async function deliver(batch: readonly HubEvent[], signal: AbortSignal): Promise<DeliveryOutcome> {
    if (signal.aborted) return failed(hubTimeout(host))
    // Every batch listens to it; Node warns from the eleventh on.
    setMaxListeners(0, signal)
    let hub: HubProducer
    try {
      hub = await producer()
    } catch (error) {
      return failed(hubFault(error, host))
    }
    const results = await Promise.all(byKey(batch).map((events) => sendKey(hub, events, signal)))
    const requests = results.flatMap((result) => result.requests)
    const faults = new Map(results.flatMap((result) => [...result.failed]))
    if (faults.size === 0) return { ...DELIVERED, requests }
    const [fault] = faults.values()
    // One fault of all lets the breaker open.
    return faults.size === batch.length &&
      fault !== undefined &&
      [...faults.values()].every((one) => one.code === fault.code)
      ? { ...failed(fault), requests }
      : { status: 'partial', failed: faults, requests }
  }

  return {
    name,
    limits: LIMITS,
    encode: (archived) => {
      const encoded = encode(archived, MAX_MESSAGE_BYTES - OVERHEAD_BYTES)
      return isFault(encoded)
        ? encoded
        : { ...encoded, kind: archived.event.kind, partitionKey: keyOf(archived) }
    },
    sizeOf: (batch) => batch.reduce((sum, event) => sum + spanBytes(event) + OVERHEAD_BYTES, 0),
    deliver,
    check: async (signal) => {
      try {
        const hub = await producer()
        const answer = await untilAborted(hub.getEventHubProperties({ abortSignal: signal }), signal)
        return answer === ABORTED ? hubTimeout(host) : undefined
      } catch (error) {
        return hubFault(error, host)
      }
    },
  }
}

/** The same for the same events only. */
const requestId = (events: readonly HubEvent[]): string =>
  `hub_${sha256Hex(events.map(({ eventId }) => eventId).join()).slice(0, 32)}`
