import type { Constants } from '../domain/constants.ts'
import { EventFields, slotOf } from '../domain/event-fields.ts'
import { type Fault, recordFault } from '../domain/fault.ts'
import type { Instant } from '../domain/identifiers.ts'
import type { EventMemory } from './event-memory.ts'
import type { Fields } from './fields.ts'
import { guidWithin } from './guid.ts'
import { id } from './rules.ts'
import { asText } from './scalars.ts'
import type { SourceSettings } from './source-settings.ts'

/**
 * Fields beside `properties` that repeat them or are irrelevant to risk, so `extra` omits them:
 * `correlationId` is the id of the detection or identity, `identity` its name in lower case,
 * `location` an Azure region or country, `time` the last update in seconds, `Level` meaningless for
 * risk. In flat records `TenantId` is the workspace. `callerIpAddress` is used if `ipAddress` is
 * absent. The archived record has them all.
 */
const KNOWN_OUTER: ReadonlySet<string> = new Set([
  'time',
  'timegenerated',
  'resourceid',
  'operationname',
  'operationversion',
  'tenantid',
  'sourcesystem',
  'resultsignature',
  'durationms',
  'calleripaddress',
  'correlationid',
  'identity',
  'level',
  'location',
])

/** The fields of one record, and the event that is built from them. */
export interface RecordParts {
  readonly event: EventFields
  readonly constants: Constants
  /** Enqueued time of the message. */
  readonly enqueuedAt: Instant
  /** Members of `properties`; of the record itself if it is flat, that is, without `properties`. */
  readonly properties: Fields
  /** Members of the record itself. */
  readonly outer: Fields
  /** Whether `properties` exists but is not an object. */
  readonly propertiesUnreadable: boolean
}

const TENANT = slotOf('tenantId')
const ORIGIN = slotOf('origin')
const EXTRA = slotOf('extra')

/**
 * A flat record has the form of a Log Analytics row, where `TenantId` is the workspace and only
 * `AADTenantId` is the tenant.
 */
function setTenant(
  event: EventFields,
  outer: Fields,
  isFlat: boolean,
  constants: Constants,
  settings: SourceSettings,
): void {
  if (outer.read('AADTenantId', id, event, TENANT)) return
  const mayBeTenant = !isFlat || outer.isInThisCase('tenantId')
  if (mayBeTenant && outer.read('tenantId', id, event, TENANT)) return
  const resource = outer.parsed('resourceId', asText) ?? ''
  constants.set(event, TENANT, guidWithin(resource) ?? settings.tenantId)
}

/** Splits a record into its parts; call `faultOf` after reading the required fields. */
export function recordParts(
  outer: Fields,
  origin: string,
  enqueuedAt: Instant,
  { memory, spans, constants, properties }: EventMemory,
  settings: SourceSettings,
): RecordParts {
  const event = new EventFields(memory, spans)
  const object = outer.object('properties', properties)
  const isFlat = object === undefined || object === 'unusable'
  constants.set(event, ORIGIN, origin)
  setTenant(event, outer, isFlat, constants, settings)
  return {
    constants,
    event,
    enqueuedAt,
    properties: isFlat ? outer : object,
    outer,
    propertiesUnreadable: object === 'unusable',
  }
}

/** The fault of a required field read so far, if any. */
export function faultOf({ outer, properties, propertiesUnreadable }: RecordParts): Fault | undefined {
  const fault = outer.fault ?? properties.fault
  if (fault === undefined || !propertiesUnreadable) return fault
  return recordFault(
    'fieldInvalid',
    'The field properties is neither an object nor one as JSON text. Check what the sender writes.',
    { field: 'properties' },
  )
}

const NO_NOISE: ReadonlySet<string> = new Set()

/**
 * Sets `extra`: unread and unusable members, verbatim. Those beside `properties` are named
 * `envelope.<name>` if a property has the same name.
 */
export function setExtra({ outer, properties, event }: RecordParts): void {
  const unreadOuter = outer.unread(KNOWN_OUTER)
  const unreadInner = properties === outer ? [] : properties.unread(NO_NOISE)
  if (unreadOuter.length === 0 && unreadInner.length === 0) return
  const taken = new Set(unreadInner.map(([name]) => name))
  const renamed = unreadOuter.map(
    ([name, value]) => [taken.has(name) ? `envelope.${name}` : name, value] as const,
  )
  // fromEntries is safe for `__proto__`: it defines a member and does not set the prototype.
  event.write(EXTRA, Object.fromEntries([...renamed, ...unreadInner]))
}
