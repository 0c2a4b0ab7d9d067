import { type Fault, recordFault } from '../domain/fault.ts'
import { type Instant, type TenantId, tenantId } from '../domain/identifiers.ts'
import type { Origin } from '../domain/risk-event.ts'
import { isJsonObject, type Json, type JsonObject } from '../encoding/json.ts'
import { Fields } from './fields.ts'
import { guidWithin, idForm } from './guid.ts'
import { unwrapped } from './parse-nested-json.ts'
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

/** One record, taken apart. */
export interface RecordParts {
  readonly origin: Origin
  readonly tenantId: TenantId
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

const propertiesObject = (value: Json): JsonObject | undefined => {
  const object = unwrapped(value)
  return isJsonObject(object) ? object : undefined
}

/**
 * In a flat record, which has the form of a row of Log Analytics, `TenantId` is the workspace: only
 * `AADTenantId` is the tenant there.
 */
function tenantOf(around: Fields, isFlat: boolean, settings: SourceSettings): TenantId {
  const named =
    around.text('AADTenantId') ?? (isFlat ? around.textInThisCase('tenantId') : around.text('tenantId'))
  if (named !== undefined) return tenantId(idForm(named))
  return tenantId(guidWithin(around.text('resourceId') ?? '') ?? settings.tenantId)
}

/**
 * Takes a record apart; what is wrong with it is told by `faultOf` once its fields have been read.
 */
export function recordParts(
  around: Fields,
  origin: Origin,
  enqueuedAt: Instant,
  settings: SourceSettings,
): RecordParts {
  const object = around.parsed('properties', propertiesObject)
  const isFlat = object === undefined
  return {
    origin,
    tenantId: tenantOf(around, isFlat, settings),
    enqueuedAt,
    properties: isFlat ? around : new Fields(object, 'properties.'),
    around,
    propertiesUnreadable: isFlat && around.value('properties') !== undefined,
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
const NOTHING: JsonObject = Object.freeze({})
const NONE: readonly (readonly [string, Json])[] = []

/**
 * The fields that nobody has read, or could read, verbatim: those of the properties under their
 * names, those around them too, or as `envelope.<name>` where a property has that name.
 */
export function extraOf({ around, properties }: RecordParts): JsonObject {
  const outer = around.unread(KNOWN_AROUND_PROPERTIES)
  const inner = properties === around ? NONE : properties.unread(NO_NOISE)
  if (outer.length === 0 && inner.length === 0) return NOTHING
  const taken = new Set(inner.map(([name]) => name))
  const renamed = outer.map(([name, value]) => [taken.has(name) ? `envelope.${name}` : name, value] as const)
  // fromEntries defines members and never sets a prototype, whatever they are called.
  return Object.fromEntries([...renamed, ...inner])
}
