import type { ByteWriter } from '../encoding/byte-writer.ts'
import { isBetween } from '../encoding/bytes-at.ts'
import type { Json } from '../encoding/json.ts'
import { parseAt } from '../encoding/written-json.ts'

/** The fields of all kinds of event, in JSON order; a dot separates an object from its member. */
export const EVENT_FIELDS = [
  'kind',
  'eventId',
  'factKey',
  'origin',
  'category',
  'tenantId',
  'detectionId',
  'identity.type',
  'identity.id',
  'identity.displayName',
  'identity.appId',
  'identity.subtype',
  'identity.blueprintId',
  'identity.userPrincipalName',
  'identity.enabled',
  'identity.deleted',
  'risk.level',
  'risk.state',
  'risk.detail',
  'risk.eventType',
  'activityAt',
  'detectedAt',
  'lastUpdatedAt',
  'lastUpdatedFrom',
  'source',
  'timingType',
  'activity',
  'tokenIssuerType',
  'requestId',
  'correlationId',
  'signInRequestId',
  'signInCorrelationId',
  'clientSessionId',
  'ipAddress',
  'location',
  'keyIds',
  'additionalInfo',
  'evidence',
  'attack.techniques',
  'attack.origin',
  'detection.name',
  'detection.description',
  'detection.severity',
  'detection.links',
  'processing',
  'extra',
  'version',
  'health',
  'context',
  'response',
] as const
export type EventField = (typeof EVENT_FIELDS)[number]

/** Names of the fields that a form of an event lacks, by why; last in its JSON. */
export const MARK_FIELDS = ['redacted', 'cut'] as const

/** Added for archive and sinks: the event's whole JSON, and its place. */
const PLACE_FIELDS = [
  'event',
  'servicePrincipalId',
  'namespace',
  'hub',
  'partition',
  'sequenceNumber',
  'enqueuedAt',
  'ordinal',
  'of',
  'digest',
  'blob',
  'line',
] as const

export type Field = EventField | (typeof MARK_FIELDS)[number] | (typeof PLACE_FIELDS)[number]

const FIELDS: readonly Field[] = [...EVENT_FIELDS, ...MARK_FIELDS, ...PLACE_FIELDS]

/** Index of a field's span. */
export type Slot = number & { readonly slot?: never }

const slots: ReadonlyMap<string, number> = new Map(FIELDS.map((field, index) => [field, index]))

export const slotOf = (field: Field): Slot => slots.get(field) as Slot

const INTS = FIELDS.length * 2
const ABSENT = -1

/** The field spans of many events, in one array. */
export class SpanTable {
  ints = new Int32Array(0)
  #length = 0
  readonly #expectedEvents: number

  /** @param expectedEvents initial capacity, allocated with the first event; grows as needed */
  constructor(expectedEvents: number) {
    this.#expectedEvents = expectedEvents
  }

  /** Adds an event whose fields are all absent, and returns its base index. */
  add(): number {
    const base = this.#length
    this.#length += INTS
    if (this.#length > this.ints.length) {
      const ints = base === 0 ? this.#expectedEvents * INTS : this.#length * 2
      const larger = new Int32Array(Math.max(ints, this.#length))
      larger.set(this.ints)
      this.ints = larger
    }
    this.ints.fill(ABSENT, base, this.#length)
    return base
  }
}

/** Memory that events share. */
export interface EventSpace {
  readonly memory: ByteWriter
  readonly spans: SpanTable
}

/** An event as spans of JSON in a buffer, one per field; values are not parsed. */
export class EventFields {
  readonly memory: ByteWriter
  readonly #table: SpanTable
  readonly #base: number

  constructor(memory: ByteWriter, table: SpanTable = new SpanTable(1)) {
    this.memory = memory
    this.#table = table
    this.#base = table.add()
  }

  has(slot: Slot): boolean {
    return this.start(slot) >= 0
  }

  /** Offset of the field's JSON; negative: absent. */
  start(slot: Slot): number {
    return this.#table.ints[this.#base + slot * 2] as number
  }

  end(slot: Slot): number {
    return this.#table.ints[this.#base + slot * 2 + 1] as number
  }

  set(slot: Slot, start: number, end: number): void {
    const { ints } = this.#table
    ints[this.#base + slot * 2] = start
    ints[this.#base + slot * 2 + 1] = end
  }

  /** Sets the field to the bytes written since `start`. */
  written(slot: Slot, start: number): void {
    this.set(slot, start, this.memory.length)
  }

  /** Writes a field's value. */
  write(slot: Slot, value: Json): true {
    const { length } = this.memory
    this.memory.text(JSON.stringify(value))
    this.written(slot, length)
    return true
  }

  /** Appends a field's JSON to a writer. */
  copyTo(out: ByteWriter, slot: Slot): void {
    out.copy(this.memory, this.start(slot), this.end(slot))
  }

  /** Whether the field is there, and this is its JSON. */
  is(slot: Slot, json: Uint8Array): boolean {
    return isBetween(this.memory.bytes, this.start(slot), this.end(slot), json)
  }

  /** The bytes of a field's JSON. */
  bytes(slot: Slot): Buffer {
    return this.memory.bytes.subarray(this.start(slot), this.end(slot))
  }

  /**
   * A text as it stands between its quotes, to be compared with plain ASCII: what JSON escapes stays
   * escaped. Empty if it is absent.
   */
  plain(slot: Slot): string {
    return this.memory.bytes.toString('latin1', this.start(slot) + 1, this.end(slot) - 1)
  }

  /** A field's value, or `undefined` if it is absent. */
  parse(slot: Slot): Json | undefined {
    return this.has(slot) ? parseAt(this.memory.bytes, this.start(slot), this.end(slot)) : undefined
  }
}
