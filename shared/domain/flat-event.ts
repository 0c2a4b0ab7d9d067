import { ByteWriter } from '../encoding/byte-writer.ts'
import type { Digest } from '../encoding/digest.ts'
import type { Json } from '../encoding/json.ts'
import {
  EVENT_FIELDS,
  EventFields,
  type EventSpace,
  type Field,
  MARK_FIELDS,
  type Slot,
  slotOf,
} from './event-fields.ts'
import { writeEventJson } from './event-json.ts'
import { type ArchivedEvent, type ExportedEvent, type FlatEvent, isRiskEvent } from './exported-event.ts'
import { type Instant, instant } from './identifiers.ts'
import { isoInstant } from './iso-instant.ts'
import type { Position } from './position.ts'

const INSTANTS: readonly Field[] = ['activityAt', 'detectedAt', 'lastUpdatedAt']
/** Large enough for most events, with their JSON and place. */
const USUAL_BYTES = 8192

const FIELDS = [...EVENT_FIELDS, ...MARK_FIELDS].map((field) => ({
  slot: slotOf(field),
  path: field.split('.'),
  isInstant: INSTANTS.includes(field),
}))
const WHOLE = slotOf('event')
const SERVICE_PRINCIPAL = slotOf('servicePrincipalId')
const IDENTITY_TYPE = slotOf('identity.type')
const IDENTITY_ID = slotOf('identity.id')

type Values = Readonly<Record<string, unknown>>

function valueAt(event: ExportedEvent, path: readonly string[]): unknown {
  let value: unknown = event
  for (const name of path) value = (value as Values | undefined)?.[name]
  return value
}

const isEmptyObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0

/** Sets the fields that are derived from others. */
export function deriveFields(event: EventFields): void {
  if (event.is(IDENTITY_TYPE, SERVICE_PRINCIPAL_TYPE))
    event.set(SERVICE_PRINCIPAL, event.start(IDENTITY_ID), event.end(IDENTITY_ID))
}
const SERVICE_PRINCIPAL_TYPE = Buffer.from('"servicePrincipal"')

/**
 * Converts an event object into a flat event.
 * @param json its stored JSON, if any: kept byte for byte, since later versions may write another
 * @param space shared with other events; default: its own
 */
export function flatEvent(event: ExportedEvent, json?: Uint8Array, space?: EventSpace): FlatEvent {
  const memory = space?.memory ?? new ByteWriter(USUAL_BYTES)
  const fields = new EventFields(memory, space?.spans)
  for (const { slot, path, isInstant } of FIELDS) {
    const value = valueAt(event, path)
    if (value === undefined || (path[0] === 'extra' && isEmptyObject(value))) continue
    fields.write(slot, isInstant ? isoInstant(value as Instant) : (value as Json))
  }
  deriveFields(fields)
  if (json === undefined) writeEventJson(fields)
  else {
    const { length } = memory
    memory.all(json)
    fields.written(WHOLE, length)
  }
  const { kind, category, eventId, lastUpdatedAt } = event
  return { kind, category, eventId, lastUpdatedAt, fields }
}

/** Converts a flat event into an object. */
export const parseEvent = ({ fields }: FlatEvent): ExportedEvent =>
  eventOfJson(fields.parse(WHOLE) as Record<string, unknown>)

/** The event of an archive line, made of its parsed JSON itself: a copy would be a third of the work. */
export function eventOfJson(event: Record<string, unknown>): ExportedEvent {
  for (const field of INSTANTS)
    if (typeof event[field] === 'string') event[field] = instant(Date.parse(event[field]))
  const exported = event as unknown as ExportedEvent
  if (isRiskEvent(exported) && exported.extra === undefined) event['extra'] = {}
  return exported
}

const NAMESPACE = slotOf('namespace')
const HUB = slotOf('hub')
const PARTITION = slotOf('partition')
const SEQUENCE_NUMBER = slotOf('sequenceNumber')
const ENQUEUED_AT = slotOf('enqueuedAt')
const ORDINAL = slotOf('ordinal')
const OF = slotOf('of')
const DIGEST = slotOf('digest')
const BLOB = slotOf('blob')
const LINE = slotOf('line')

const OF_MESSAGE: readonly Slot[] = [NAMESPACE, HUB, PARTITION, SEQUENCE_NUMBER, ENQUEUED_AT, OF]

/** A message's position, written once for all its events. */
export class MessagePlace {
  readonly memory: ByteWriter
  readonly #ends: readonly number[]

  /** @param of number of records in the message */
  constructor(memory: ByteWriter, position: Position, of: number) {
    this.memory = memory
    const ends = [memory.length]
    for (const text of [
      JSON.stringify(position.namespace),
      JSON.stringify(position.hub),
      JSON.stringify(position.partition),
      String(position.sequenceNumber),
      `"${isoInstant(position.enqueuedAt)}"`,
      String(of),
    ]) {
      memory.text(text)
      ends.push(memory.length)
    }
    this.#ends = ends
  }

  /** Sets the place fields of one event of this message. */
  of(event: EventFields, ordinal: number, digest: Digest, line: number): void {
    const { memory } = this
    for (let i = 0; i < OF_MESSAGE.length; i += 1)
      event.set(OF_MESSAGE[i] as Slot, this.#ends[i] as number, this.#ends[i + 1] as number)
    let start = memory.length
    memory.integer(ordinal)
    event.written(ORDINAL, start)
    start = memory.length
    memory.integer(line)
    event.written(LINE, start)
    start = memory.length
    memory.quoted(digest)
    event.written(DIGEST, start)
  }
}

/** How many records the message of an archived event has. */
export const recordsWith = ({ event }: Pick<ArchivedEvent, 'event'>): number => Number(event.fields.parse(OF))

/**
 * Adds the place in the archive to a single event.
 * @param of number of records in its message
 */
export function archivedEvent(
  event: FlatEvent,
  place: Omit<ArchivedEvent, 'event'>,
  of: number,
): ArchivedEvent {
  const { memory } = event.fields
  new MessagePlace(memory, place.position, of).of(event.fields, place.ordinal, place.digest, place.line)
  new BlobName(place.blob).of(event.fields)
  return { event, ...place }
}

/** A blob's name, written once per buffer for all its events. */
export class BlobName {
  readonly #json: string
  #memory: ByteWriter | undefined
  #start = 0
  #end = 0

  constructor(blob: string) {
    this.#json = JSON.stringify(blob)
  }

  /** Sets the `blob` field of an event. */
  of(event: EventFields): void {
    const { memory } = event
    if (memory !== this.#memory) {
      this.#memory = memory
      this.#start = memory.length
      memory.text(this.#json)
      this.#end = memory.length
    }
    event.set(BLOB, this.#start, this.#end)
  }
}
