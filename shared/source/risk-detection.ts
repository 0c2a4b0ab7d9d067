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
import { present } from './present.ts'
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
  const known = catalogued(meaning, risk)
  return present<RiskDetection>({
    kind: 'riskDetection',
    eventId,
    factKey,
    origin,
    category: meaning.category,
    tenantId,
    detectionId,
    identity,
    risk,
    activityAt,
    detectedAt,
    lastUpdatedAt,
    source,
    timingType,
    activity,
    tokenIssuerType: fields.tokenIssuerType,
    requestId: fields.requestId,
    correlationId: fields.correlationId,
    ipAddress,
    location,
    keyIds,
    additionalInfo,
    evidence: fields.evidence,
    attack: attackOf(fields.techniqueId, additionalInfo, known),
    detection: known === undefined ? undefined : detectionNote(known, settings.language),
    processing: fields.processing,
    extra: extraOf(parts),
  })
}
