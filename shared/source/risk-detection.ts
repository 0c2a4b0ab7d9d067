import type { CategoryMeaning } from '../domain/category.ts'
import { type CatalogueEntry, catalogueEntry, detectionNote } from '../domain/detections.ts'
import { eventIdOf } from '../domain/event-id.ts'
import { factKeyOf } from '../domain/fact-key.ts'
import type { Fault } from '../domain/fault.ts'
import { eventId } from '../domain/identifiers.ts'
import type { Risk, RiskDetection } from '../domain/risk-event.ts'
import { attackOf } from './attack.ts'
import { idForm } from './guid.ts'
import { identityOf, idIn, riskOf } from './identity.ts'
import { ipAddressOf } from './ip-address.ts'
import { lastUpdate } from './last-update.ts'
import { parseAdditionalInfo } from './parse-additional-info.ts'
import { parseKeyIds } from './parse-key-ids.ts'
import { parseLocation } from './parse-location.ts'
import { extraOf, faultOf, type RecordParts } from './record-parts.ts'
import type { SourceSettings } from './source-settings.ts'

/**
 * The catalogue describes workload detections: a type of the same name about a person is another
 * thing.
 */
const catalogued = ({ identityType }: CategoryMeaning, { eventType }: Risk): CatalogueEntry | undefined =>
  identityType === 'user' || eventType === undefined ? undefined : catalogueEntry(eventType)

/** What only detections say. */
function detectionFields(parts: RecordParts) {
  const { properties, around } = parts
  return {
    detectionId: idForm(properties.requiredText(['id'])),
    activityAt: properties.time('activityDateTime'),
    detectedAt: properties.time('detectedDateTime'),
    source: properties.text('source'),
    timingType: properties.text('detectionTimingType'),
    activity: properties.text('activity'),
    tokenIssuerType: properties.text('tokenIssuerType'),
    requestId: idIn(properties, 'requestId'),
    correlationId: idIn(properties, 'correlationId'),
    ipAddress: properties.parsed('ipAddress', ipAddressOf) ?? around.parsed('callerIpAddress', ipAddressOf),
    location: properties.parsed('location', parseLocation),
    keyIds: properties.parsed('keyIds', parseKeyIds) ?? [],
    additionalInfo: properties.parsed('additionalInfo', parseAdditionalInfo) ?? [],
    evidence: properties.text('riskEvidence'),
    techniqueId: properties.text('mitreTechniqueId'),
    processing: properties.boolean('isProcessing'),
  }
}

type Draft = { -readonly [K in keyof RiskDetection]: RiskDetection[K] }

/**
 * One by one and by name: an object to which as many members are added in a loop becomes a slow one
 * for all who read it.
 */
function addOptional(event: Draft, fields: ReturnType<typeof detectionFields>): void {
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

const NO_ID_YET = eventId('')

/** A record of one of the detection categories, as a risk event. */
export function riskDetection(
  meaning: CategoryMeaning,
  parts: RecordParts,
  settings: SourceSettings,
): RiskDetection | Fault {
  const { tenantId, origin, properties } = parts
  const fields = detectionFields(parts)
  const identity = identityOf(meaning, properties)
  const fault = faultOf(parts)
  if (fault !== undefined) return fault
  const risk = riskOf(meaning, properties)
  const { detectionId, detectedAt, activityAt, keyIds, additionalInfo } = fields
  const { lastUpdatedAt, lastUpdatedFrom } = lastUpdate(meaning, parts, detectedAt, activityAt)
  const factKey = factKeyOf({
    tenantId,
    kind: 'riskDetection',
    identityType: identity.type,
    id: detectionId,
    lastUpdatedAt,
    riskState: risk.state,
  })
  const event: Draft = {
    kind: 'riskDetection',
    eventId: NO_ID_YET,
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
  if (lastUpdatedFrom !== undefined) event.lastUpdatedFrom = lastUpdatedFrom
  const known = catalogued(meaning, risk)
  const attack = attackOf(fields.techniqueId, additionalInfo, known)
  if (attack !== undefined) event.attack = attack
  if (known !== undefined) event.detection = detectionNote(known, settings.language)
  event.eventId = eventIdOf(event)
  return event
}
