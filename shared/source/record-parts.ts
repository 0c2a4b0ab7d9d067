import type { Fault } from '../domain/fault.ts'
import { type TenantId, tenantId } from '../domain/identifiers.ts'
import { isJsonObject, type Json, type JsonObject } from '../domain/json.ts'
import { ORIGINS, type Origin } from '../domain/risk-event.ts'
import { Fields } from './fields.ts'
import { guidWithin, lowerGuid } from './guid.ts'
import { parseNestedJson } from './parse-nested-json.ts'
import type { SourceSettings } from './source-settings.ts'

/**
 * Fields around `properties` that repeat what is in them or say nothing of the risk, and so are not kept in `extra`:
 * `correlationId` is the detection's or identity's id again, `identity` its name in lower case, `location` an Azure region or
 * a country, `time` the last update cut to seconds, `Level` a number or word without meaning for risk records.
 * `callerIpAddress` stands in for an `ipAddress` that is absent. All are in the archived record.
 */
const KNOWN_AROUND_PROPERTIES: ReadonlySet<string> = new Set([
  'time',
  'resourceId',
  'operationName',
  'operationVersion',
  'category',
  'Category',
  'tenantId',
  'resultSignature',
  'durationMs',
  'callerIpAddress',
  'correlationId',
  'identity',
  'Level',
  'level',
  'location',
  'properties',
])

const isOrigin = (value: Json | undefined): value is Origin =>
  (ORIGINS as readonly (Json | undefined)[]).includes(value)

/** Who put the record on the hub, as it says itself. */
export const originOf = (record: JsonObject): Origin => {
  const origin = record.origin
  return isOrigin(origin) ? origin : 'stream'
}

/** One record, taken apart. */
export interface RecordParts {
  readonly origin: Origin
  readonly tenantId: TenantId
  /** Named `properties.…`; the record itself where it has none: an object of Microsoft Graph to which a category was added. */
  readonly properties: Fields
  /** What stands around the properties. */
  readonly around: Fields
}

function propertiesOf(record: JsonObject, around: Fields): Fields {
  const sent = record.properties
  if (sent === undefined || sent === null || sent === '') return around
  const value = typeof sent === 'string' ? parseNestedJson(sent) : sent
  if (isJsonObject(value)) return new Fields(value, 'properties.')
  around.invalid('properties', 'is neither an object nor one as JSON text')
  return around
}

function tenantOf(around: Fields, settings: SourceSettings): TenantId {
  const named = around.keyText('tenantId')
  if (named !== undefined) return tenantId(lowerGuid(named))
  return tenantId(guidWithin(around.text('resourceId') ?? '') ?? settings.tenantId)
}

/** Takes a record apart; what is wrong with it is told by `faultOf` once its fields have been read. */
export function recordParts(record: JsonObject, settings: SourceSettings): RecordParts {
  const around = new Fields(record, '')
  const origin = originOf(record)
  if (origin === record.origin) around.value('origin')
  return {
    origin,
    tenantId: tenantOf(around, settings),
    properties: propertiesOf(record, around),
    around,
  }
}

/** The first thing that is wrong with the fields read so far. */
export const faultOf = ({ around, properties }: RecordParts): Fault | undefined =>
  around.fault ?? properties.fault

const isJunk = (name: string, value: Json): boolean => name === '' && value === ''

const isKnownAround = (name: string, value: Json): boolean =>
  KNOWN_AROUND_PROPERTIES.has(name) || isJunk(name, value)

const NOTHING: JsonObject = Object.freeze({})
const NONE: readonly (readonly [string, Json])[] = []

/**
 * The fields that nobody has read, verbatim: those of the properties under their names, those around them too,
 * or as `envelope.<name>` where a property has that name.
 */
export function extraOf({ around, properties }: RecordParts): JsonObject {
  const outer = around.unread(isKnownAround)
  const inner = properties === around ? NONE : properties.unread(isJunk)
  if (outer.length === 0 && inner.length === 0) return NOTHING
  const taken = new Set(inner.map(([name]) => name))
  const renamed = outer.map(([name, value]) => [taken.has(name) ? `envelope.${name}` : name, value] as const)
  // fromEntries defines members and never sets a prototype, whatever they are called.
  return Object.fromEntries([...renamed, ...inner])
}
