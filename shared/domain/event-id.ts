import { appendCanonical } from '../encoding/append-canonical.ts'
import type { ByteWriter } from '../encoding/byte-writer.ts'
import { sha256Hex } from '../encoding/digest.ts'
import { CLOSE_ARRAY, COMMA, OPEN_ARRAY } from '../encoding/json-bytes.ts'
import { Literal } from '../encoding/literal.ts'
import { TextOrder } from '../encoding/text-order.ts'
import { textEnd, valueEnd } from '../encoding/written-json.ts'
import { EVENT_FIELDS, type EventField, type EventFields, type Slot, slotOf } from './event-fields.ts'
import type { ExportedEvent } from './exported-event.ts'
import { type EventId, eventId, type FactKey, factKey, ID_DIGITS } from './identifiers.ts'
import { instantAt } from './iso-instant.ts'
import { firstPair, keyOf, pairAfter, valueAfter } from './pair-json.ts'

/** Fields not in the event id: in the fact key already, the sender's, or not from the record. */
const NOT_HASHED: readonly EventField[] = [
  'kind',
  'eventId',
  'factKey',
  'origin',
  'category',
  'tenantId',
  'detectionId',
  'identity.type',
  'risk.state',
  'lastUpdatedAt',
  'attack.origin',
  'detection.name',
  'detection.description',
  'detection.severity',
  'detection.links',
  'extra',
]
/** Not of risk events. */
const OWN_FIELDS: readonly EventField[] = ['version', 'health', 'context', 'response']

const NULL = new Literal('null')

type Append = (event: EventFields, slot: Slot) => void

const orNull =
  (append: Append): Append =>
  (event, slot) =>
    event.has(slot) ? append(event, slot) : event.memory.literal(NULL)

/** The field's JSON as it is: strings and booleans are canonical already. */
const asIs: Append = (event, slot) => event.copyTo(event.memory, slot)

const orNullAsIs = orNull(asIs)

const asMilliseconds: Append = (event, slot) =>
  event.memory.integer(instantAt(event.memory.bytes, event.start(slot) + 1))

const asCanonical: Append = (event, slot) => appendCanonical(event.memory, event.start(slot))

const order = new TextOrder()

const asSortedTexts: Append = (event, slot) => {
  const { bytes } = event.memory
  const end = event.end(slot)
  for (let text = event.start(slot) + 1; text < end - 1; text = textEnd(bytes, text) + 1) order.push(text)
  appendInOrder(event.memory, appendText)
}

/** Pairs sorted by key, each as `[key,value]`. */
const asSortedPairs: Append = (event, slot) => {
  const { bytes } = event.memory
  const end = event.end(slot)
  for (let pair = firstPair(event.start(slot)); pair < end - 1; ) {
    const key = keyOf(pair)
    order.push(key)
    pair = pairAfter(valueEnd(bytes, valueAfter(textEnd(bytes, key))))
  }
  appendInOrder(event.memory, appendPair)
}

function appendText(memory: ByteWriter, at: number): void {
  memory.copy(memory, at, textEnd(memory.bytes, at))
}

/** @param key offset of a pair's key */
function appendPair(memory: ByteWriter, key: number): void {
  const keyEnd = textEnd(memory.bytes, key)
  memory.byte(OPEN_ARRAY)
  memory.copy(memory, key, keyEnd)
  memory.byte(COMMA)
  appendCanonical(memory, valueAfter(keyEnd))
  memory.byte(CLOSE_ARRAY)
}

/** Appends an array of the texts in `order`, sorted; leaves `order` empty. */
function appendInOrder(memory: ByteWriter, append: (memory: ByteWriter, at: number) => void): void {
  order.sort(0, memory.bytes)
  memory.byte(OPEN_ARRAY)
  for (let i = 0; i < order.length; i += 1) {
    if (i > 0) memory.byte(COMMA)
    append(memory, order.at(i))
  }
  order.length = 0
  memory.byte(CLOSE_ARRAY)
}

const ATTACK_ORIGIN = slotOf('attack.origin')
const WIRE = Buffer.from('"wire"')

/** Catalogue techniques are not hashed: they depend on the program version. */
const asSentTechniques: Append = (event, slot) => {
  if (event.has(slot) && event.is(ATTACK_ORIGIN, WIRE)) asSortedTexts(event, slot)
  else event.memory.literal(NULL)
}

function appendOf(field: EventField): Append {
  switch (field) {
    case 'activityAt':
    case 'detectedAt':
      return orNull(asMilliseconds)
    case 'location':
    case 'health':
    case 'context':
    case 'response':
      return orNull(asCanonical)
    case 'keyIds':
      return asSortedTexts
    case 'additionalInfo':
      return asSortedPairs
    case 'attack.techniques':
      return asSentTechniques
    default:
      return orNullAsIs
  }
}

interface HashedField {
  readonly slot: Slot
  readonly append: Append
}

const hashed = (fields: readonly EventField[]): readonly HashedField[] =>
  fields.map((field) => ({ slot: slotOf(field), append: appendOf(field) }))

const RISK_FIELDS = hashed(
  EVENT_FIELDS.filter((field) => !NOT_HASHED.includes(field) && !OWN_FIELDS.includes(field)),
)
const HEARTBEAT_FIELDS = hashed(['lastUpdatedFrom', 'version', 'health'])

const aboutIdentity = (content: EventField): readonly HashedField[] =>
  hashed([
    ...EVENT_FIELDS.filter((field) => field.startsWith('identity.') && !NOT_HASHED.includes(field)),
    'risk.level',
    'lastUpdatedFrom',
    content,
  ])
const CONTEXT_FIELDS = aboutIdentity('context')
const RESPONSE_FIELDS = aboutIdentity('response')

function fieldsOf(kind: ExportedEvent['kind']): readonly HashedField[] {
  switch (kind) {
    case 'riskDetection':
    case 'riskyIdentity':
      return RISK_FIELDS
    case 'heartbeat':
      return HEARTBEAT_FIELDS
    case 'identityContext':
      return CONTEXT_FIELDS
    case 'responseAction':
      return RESPONSE_FIELDS
  }
}

const FACT_KEY = slotOf('factKey')
const EVENT_ID = slotOf('eventId')
const KIND = slotOf('kind')
const TENANT = slotOf('tenantId')
const IDENTITY_TYPE = slotOf('identity.type')
const LAST_UPDATED_AT = slotOf('lastUpdatedAt')
const RISK_STATE = slotOf('risk.state')

/** Hashes what was written since `start`, replaces it with the id, and sets the field to that. */
function endId(event: EventFields, slot: Slot, start: number): string {
  const { memory } = event
  memory.byte(CLOSE_ARRAY)
  const id = sha256Hex(memory.since(start)).slice(0, ID_DIGITS)
  memory.length = start
  memory.quoted(id)
  event.written(slot, start)
  return id
}

/**
 * Sets the key of a fact, the same from the stream and from Graph: a hash of `[tenantId, kind,
 * identity type, id, last update in ms, risk state]`. Version 1; other parts make version 2.
 * @param id span of the detection or identity id, as JSON
 */
export function setFactKey(
  event: EventFields,
  id: { readonly start: number; readonly end: number },
): FactKey {
  const { memory } = event
  const { length } = memory
  memory.byte(OPEN_ARRAY)
  orNullAsIs(event, TENANT)
  memory.byte(COMMA)
  asIs(event, KIND)
  memory.byte(COMMA)
  orNullAsIs(event, IDENTITY_TYPE)
  memory.byte(COMMA)
  memory.copy(memory, id.start, id.end)
  memory.byte(COMMA)
  asMilliseconds(event, LAST_UPDATED_AT)
  memory.byte(COMMA)
  orNullAsIs(event, RISK_STATE)
  return factKey(endId(event, FACT_KEY, length))
}

/**
 * Sets the id of a version of a fact: a redelivery has the same id; an enriched record, or a
 * principal disabled with unchanged risk, has another. Hashes the fact key and every field in model
 * order, except `NOT_HASHED`. Version 1; changing the list of fields makes version 2.
 */
export function setEventId(event: EventFields, kind: ExportedEvent['kind']): EventId {
  const { memory } = event
  const { length } = memory
  memory.byte(OPEN_ARRAY)
  asIs(event, FACT_KEY)
  for (const { slot, append } of fieldsOf(kind)) {
    memory.byte(COMMA)
    append(event, slot)
  }
  return eventId(endId(event, EVENT_ID, length))
}
