import {
  CONTEXT_CATEGORY,
  HEARTBEAT_CATEGORY,
  isIdentityType,
  type OwnCategory,
  RESPONSE_CATEGORY,
} from '../domain/category.ts'
import { type EventField, slotOf } from '../domain/event-fields.ts'
import { setEventId, setFactKey } from '../domain/event-id.ts'
import { writeEventJson } from '../domain/event-json.ts'
import type { FlatEvent, OwnEvent } from '../domain/exported-event.ts'
import { type Fault, recordFault } from '../domain/fault.ts'
import { deriveFields } from '../domain/flat-event.ts'
import { isJsonObject } from '../encoding/json.ts'
import { lastUpdateOrEnqueued, OUTER_TIMES } from './last-update.ts'
import { decodeNestedJson } from './parse-nested-json.ts'
import { faultOf, type RecordParts } from './record-parts.ts'
import { OWN_IDENTITY } from './risk-fields.ts'
import { id, text, time } from './rules.ts'
import { asText } from './scalars.ts'

/** How the exporter's own records of a category are read, from `properties`. */
interface OwnForm {
  readonly kind: OwnEvent['kind']
  /** Property with the time. */
  readonly at: string
  /** Property with the content, and its field. */
  readonly content: EventField
  readonly isAboutIdentity: boolean
}

const FORMS: Readonly<Record<OwnCategory, OwnForm>> = {
  [HEARTBEAT_CATEGORY]: { kind: 'heartbeat', at: 'sentAt', content: 'health', isAboutIdentity: false },
  [CONTEXT_CATEGORY]: {
    kind: 'identityContext',
    at: 'collectedDateTime',
    content: 'context',
    isAboutIdentity: true,
  },
  [RESPONSE_CATEGORY]: {
    kind: 'responseAction',
    at: 'actedDateTime',
    content: 'response',
    isAboutIdentity: true,
  },
}

const KIND = slotOf('kind')
const CATEGORY = slotOf('category')
const TENANT = slotOf('tenantId')
const LAST_UPDATED_AT = slotOf('lastUpdatedAt')
const VERSION = slotOf('version')
const IDENTITY_TYPE = slotOf('identity.type')
const IDENTITY_ID = slotOf('identity.id')

const identityTypeUnknown = (): Fault =>
  recordFault(
    'fieldInvalid',
    'The field properties.identityType is missing or unknown. Check what the sender writes.',
    { field: 'properties.identityType' },
  )

/** Sets the identity and its risk. */
function setIdentity(parts: RecordParts): Fault | undefined {
  const { properties, event, constants } = parts
  properties.require(['identityId'], id, event, IDENTITY_ID)
  const type = properties.parsed('identityType', (value) => (isIdentityType(value) ? value : undefined))
  const fault = faultOf(parts)
  if (fault !== undefined) return fault
  if (type === undefined) return identityTypeUnknown()
  constants.set(event, IDENTITY_TYPE, type)
  properties.readAll(OWN_IDENTITY, event)
  deriveFields(event)
  return undefined
}

/** Writes the id of the sending instance, or of the tenant, for the fact key. */
function sender({ properties, event }: RecordParts): { readonly start: number; readonly end: number } {
  const instance = properties.parsed('instanceId', asText)
  if (instance === undefined) return { start: event.start(TENANT), end: event.end(TENANT) }
  const start = event.memory.length
  event.memory.text(JSON.stringify(instance))
  return { start, end: event.memory.length }
}

/** Reads a record of the exporter itself: a heartbeat, a context, or an operator's action. */
export function ownEvent(category: OwnCategory, parts: RecordParts): FlatEvent | Fault {
  const { kind, at, content, isAboutIdentity } = FORMS[category]
  const { properties, outer, event, constants } = parts
  constants.set(event, KIND, kind)
  constants.set(event, CATEGORY, category)
  const fault = isAboutIdentity ? setIdentity(parts) : undefined
  if (fault !== undefined) return fault
  const isSet =
    properties.read(at, time, event, LAST_UPDATED_AT) ||
    outer.readFirst(OUTER_TIMES, time, event, LAST_UPDATED_AT)
  const lastUpdatedAt = lastUpdateOrEnqueued(isSet, parts)
  const value = properties.parsed(content, decodeNestedJson)
  setFactKey(
    event,
    isAboutIdentity ? { start: event.start(IDENTITY_ID), end: event.end(IDENTITY_ID) } : sender(parts),
  )
  properties.read('version', text, event, VERSION)
  event.write(slotOf(content), isJsonObject(value) ? value : {})
  const eventId = setEventId(event, kind)
  writeEventJson(event)
  return { kind, category, eventId, lastUpdatedAt, fields: event }
}
