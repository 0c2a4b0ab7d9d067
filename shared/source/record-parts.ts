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
 * Fields around `properties` that repeat what is in them or say nothing of the risk, and so are not
 * kept in `extra`: `correlationId` is the detection's or identity's id again, `identity` its name
 * in lower case, `location` an Azure region or a country, `time` the last update cut to seconds,
 * `Level` a number or word without meaning for risk records. Flat records have a workspace for
 * `TenantId`. `callerIpAddress` stands in for an `ipAddress` that is absent. All are in the
 * archived record.
 */
const KNOWN_AROUND_PROPERTIES: ReadonlySet<string> = new Set([
  'time',
  'timegenerated',
  'resourceid',
  'operationname',
  'operationversion',
  'category',
  'tenantid',
  'aadtenantid',
  'sourcesystem',
  'resultsignature',
  'durationms',
  'calleripaddress',
  'correlationid',
  'identity',
  'level',
  'location',
  'properties',
])

/** One record, taken apart, and the event that it becomes. */
export interface RecordParts {
  readonly event: EventFields
  readonly constants: Constants
  /** When the hub took the message. */
  readonly enqueuedAt: Instant
  /**
   * Named `properties.…`; the record itself where it is flat: it has none, and their fields beside
   * its own.
   */
  readonly properties: Fields
  /** What stands around the properties. */
  readonly around: Fields
  /** There are properties, but none that can be read. */
  readonly propertiesUnreadable: boolean
}

const TENANT = slotOf('tenantId')
const ORIGIN = slotOf('origin')
const EXTRA = slotOf('extra')

/**
 * In a flat record, which has the form of a row of Log Analytics, `TenantId` is the workspace: only
 * `AADTenantId` is the tenant there.
 */
function setTenant(
  event: EventFields,
  around: Fields,
  isFlat: boolean,
  constants: Constants,
  settings: SourceSettings,
): void {
  if (around.read('AADTenantId', id, event, TENANT)) return
  const mayBeTenant = !isFlat || around.isInThisCase('tenantId')
  if (mayBeTenant && around.read('tenantId', id, event, TENANT)) return
  const resource = around.parsed('resourceId', asText) ?? ''
  constants.set(event, TENANT, guidWithin(resource) ?? settings.tenantId)
}

/**
 * Takes a record apart; what is wrong with it is told by `faultOf` once its fields have been read.
 */
export function recordParts(
  around: Fields,
  origin: string,
  enqueuedAt: Instant,
  { memory, spans, constants, innerMembers }: EventMemory,
  settings: SourceSettings,
): RecordParts {
  const event = new EventFields(memory, spans)
  const object = around.object('properties', innerMembers)
  const isFlat = object === undefined || object === 'unusable'
  constants.set(event, ORIGIN, origin)
  setTenant(event, around, isFlat, constants, settings)
  return {
    constants,
    event,
    enqueuedAt,
    properties: isFlat ? around : object,
    around,
    propertiesUnreadable: object === 'unusable',
  }
}

/** Why there is no fact in the fields read so far. */
export function faultOf({ around, properties, propertiesUnreadable }: RecordParts): Fault | undefined {
  const fault = around.fault ?? properties.fault
  if (fault === undefined || !propertiesUnreadable) return fault
  return recordFault(
    'fieldInvalid',
    'The field properties is neither an object nor one as JSON text. Check what the sender writes.',
    { field: 'properties' },
  )
}

const NO_NOISE: ReadonlySet<string> = new Set()

/**
 * Sets the fields that nobody has read, or could read, verbatim: those of the properties under
 * their names, those around them too, or as `envelope.<name>` where a property has that name.
 */
export function setExtra({ around, properties, event }: RecordParts): void {
  const outer = around.unread(KNOWN_AROUND_PROPERTIES)
  const inner = properties === around ? [] : properties.unread(NO_NOISE)
  if (outer.length === 0 && inner.length === 0) return
  const taken = new Set(inner.map(([name]) => name))
  const renamed = outer.map(([name, value]) => [taken.has(name) ? `envelope.${name}` : name, value] as const)
  // fromEntries defines members and never sets a prototype, whatever they are called.
  event.write(EXTRA, Object.fromEntries([...renamed, ...inner]))
}
