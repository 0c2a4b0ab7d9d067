import type { CategoryMeaning } from '../domain/category.ts'
import { type CatalogueEntry, catalogueEntry, detectionNote } from '../domain/detections.ts'
import { eventIdOf } from '../domain/event-id.ts'
import { factKeyOf } from '../domain/fact-key.ts'
import type { Fault } from '../domain/fault.ts'
import type { Json } from '../domain/json.ts'
import type { Risk, RiskDetection } from '../domain/risk-event.ts'
import { attackOf } from './attack.ts'
import type { Fields } from './fields.ts'
import { lowerGuid } from './guid.ts'
import { identityOf, riskOf } from './identity.ts'
import { lastUpdate } from './last-update.ts'
import { parseAdditionalInfo } from './parse-additional-info.ts'
import { parseKeyIds } from './parse-key-ids.ts'
import { parseLocation } from './parse-location.ts'
import { extraOf, faultOf, type RecordParts } from './record-parts.ts'
import type { SourceSettings } from './source-settings.ts'

/** Reads a field by a parser of its own; a value that it does not take is left for `extra`. */
function parsed<T>(
  fields: Fields,
  name: string,
  parse: (value: Json | undefined) => T | undefined,
): T | undefined {
  const value = fields.value(name)
  const result = parse(value)
  if (result === undefined && value !== undefined && value !== null && value !== '') fields.keep(name)
  return result
}

/** The catalogue describes workload detections: a type of the same name about a person is another thing. */
const catalogued = ({ identityType }: CategoryMeaning, { eventType }: Risk): CatalogueEntry | undefined =>
  identityType === 'user' || eventType === undefined ? undefined : catalogueEntry(eventType)

/** What only detections say. */
function detectionFields(parts: RecordParts) {
  const { properties, around } = parts
  return {
    detectionId: lowerGuid(properties.requiredText(['id'])),
    activityAt: properties.time('activityDateTime'),
    detectedAt: properties.time('detectedDateTime'),
    source: properties.text('source'),
    timingType: properties.text('detectionTimingType'),
    activity: properties.text('activity'),
    tokenIssuerType: properties.text('tokenIssuerType'),
    requestId: properties.text('requestId'),
    correlationId: properties.text('correlationId'),
    ipAddress: properties.text('ipAddress') ?? around.text('callerIpAddress'),
    location: parsed(properties, 'location', parseLocation),
    keyIds: parsed(properties, 'keyIds', parseKeyIds) ?? [],
    additionalInfo: parseAdditionalInfo(properties.value('additionalInfo')),
    evidence: properties.text('riskEvidence'),
    techniqueId: properties.text('mitreTechniqueId'),
    processing: properties.boolean('isProcessing'),
  }
}

type Draft<T> = { -readonly [K in keyof T]: T[K] }

/** One by one and by name: an object to which as many members are added in a loop becomes a slow one for all who read it. */
function addOptional(event: Draft<RiskDetection>, fields: ReturnType<typeof detectionFields>): void {
  if (fields.activityAt !== undefined) event.activityAt = fields.activityAt
  if (fields.detectedAt !== undefined) event.detectedAt = fields.detectedAt
  if (fields.source !== undefined) event.source = fields.source
  if (fields.timingType !== undefined) event.timingType = fields.timingType
  if (fields.activity !== undefined) event.activity = fields.activity
  if (fields.tokenIssuerType !== undefined) event.tokenIssuerType = fields.tokenIssuerType
  if (fields.requestId !== undefined) event.requestId = fields.requestId
  if (fields.correlationId !== undefined) event.correlationId = fields.correlationId
  if (fields.ipAddress !== undefined) event.ipAddress = fields.ipAddress
  if (fields.location !== undefined) event.location = fields.location
  if (fields.evidence !== undefined) event.evidence = fields.evidence
  if (fields.processing !== undefined) event.processing = fields.processing
}

/** A record of one of the detection categories, as a risk event. */
export function riskDetection(
  meaning: CategoryMeaning,
  parts: RecordParts,
  settings: SourceSettings,
): RiskDetection | Fault {
  const { tenantId, origin, properties } = parts
  const fields = detectionFields(parts)
  const identity = identityOf(meaning, properties)
  const risk = riskOf(meaning, properties)
  const lastUpdatedAt = lastUpdate(meaning, parts, fields.detectedAt ?? fields.activityAt)
  const fault = faultOf(parts)
  if (fault !== undefined) return fault
  const { detectionId, activityAt, detectedAt, source, timingType, activity } = fields
  const { ipAddress, location, keyIds, additionalInfo } = fields
  const factKey = factKeyOf({
    tenantId,
    kind: 'riskDetection',
    identityType: identity.type,
    id: detectionId,
    lastUpdatedAt,
    riskState: risk.state,
  })
  const eventId = eventIdOf({
    factKey,
    level: risk.level,
    detail: risk.detail,
    eventType: risk.eventType,
    source,
    timingType,
    activity,
    activityAt,
    detectedAt,
    ipAddress,
    location,
    displayName: identity.displayName,
    appId: identity.appId,
    keyIds,
    additionalInfo,
  })
  const event: Draft<RiskDetection> = {
    kind: 'riskDetection',
    eventId,
    factKey,
    origin,
    category: meaning.category,
    tenantId,
    detectionId,
    identity,
    risk,
    lastUpdatedAt,
    keyIds,
    additionalInfo,
    extra: extraOf(parts),
  }
  addOptional(event, fields)
  const known = catalogued(meaning, risk)
  const attack = attackOf(fields.techniqueId, additionalInfo, known)
  if (attack !== undefined) event.attack = attack
  if (known !== undefined) event.detection = detectionNote(known, settings.language)
  return event
}
