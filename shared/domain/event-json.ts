import type { JsonObject } from '../encoding/json.ts'
import { utf8 } from '../encoding/utf8-slab.ts'
import type { ExportedEvent } from './exported-event.ts'
import type { Heartbeat } from './heartbeat.ts'
import type { Instant } from './identifiers.ts'
import { isoInstant } from './iso-instant.ts'
import type { DetectionNote, RiskDetection, RiskyIdentity } from './risk-event.ts'

const optionalInstant = (at: Instant | undefined): string | undefined =>
  at === undefined ? undefined : isoInstant(at)

/** No unknown fields: no member. */
const unknownFields = (extra: JsonObject): JsonObject | undefined => {
  for (const _ in extra) return extra
  return undefined
}

// One literal each, with undefined for absent fields, which JSON.stringify omits: spreading would
// cost more than all the rest.
const detectionForm = (e: RiskDetection) => ({
  kind: e.kind,
  eventId: e.eventId,
  factKey: e.factKey,
  origin: e.origin,
  category: e.category,
  tenantId: e.tenantId,
  detectionId: e.detectionId,
  identity: e.identity,
  risk: e.risk,
  activityAt: optionalInstant(e.activityAt),
  detectedAt: optionalInstant(e.detectedAt),
  lastUpdatedAt: isoInstant(e.lastUpdatedAt),
  lastUpdatedFrom: e.lastUpdatedFrom,
  source: e.source,
  timingType: e.timingType,
  activity: e.activity,
  tokenIssuerType: e.tokenIssuerType,
  requestId: e.requestId,
  correlationId: e.correlationId,
  ipAddress: e.ipAddress,
  location: e.location,
  keyIds: e.keyIds,
  additionalInfo: e.additionalInfo,
  evidence: e.evidence,
  attack: e.attack,
})

const identityForm = (e: RiskyIdentity) => ({
  kind: e.kind,
  eventId: e.eventId,
  factKey: e.factKey,
  origin: e.origin,
  category: e.category,
  tenantId: e.tenantId,
  identity: e.identity,
  risk: e.risk,
  lastUpdatedAt: isoInstant(e.lastUpdatedAt),
  lastUpdatedFrom: e.lastUpdatedFrom,
  processing: e.processing,
  extra: unknownFields(e.extra),
})

const heartbeatForm = (e: Heartbeat) => ({
  kind: e.kind,
  eventId: e.eventId,
  factKey: e.factKey,
  origin: e.origin,
  category: e.category,
  tenantId: e.tenantId,
  lastUpdatedAt: isoInstant(e.lastUpdatedAt),
  lastUpdatedFrom: e.lastUpdatedFrom,
  version: e.version,
  health: e.health,
})

const noteTexts = new WeakMap<DetectionNote, string>()

/** A note is one object for all events of a type and a third of their text: encoded once. */
function noteText(note: DetectionNote): string {
  const known = noteTexts.get(note)
  if (known !== undefined) return known
  const text = JSON.stringify(note)
  noteTexts.set(note, text)
  return text
}

function detectionJson(e: RiskDetection): string {
  const note = e.detection === undefined ? '' : `,"detection":${noteText(e.detection)}`
  const processing = e.processing === undefined ? '' : `,"processing":${e.processing}`
  const extra = unknownFields(e.extra)
  const unknown = extra === undefined ? '' : `,"extra":${JSON.stringify(extra)}`
  return `${JSON.stringify(detectionForm(e)).slice(0, -1)}${note}${processing}${unknown}}`
}

/** The event as JSON text: instants as ISO 8601, absent fields omitted. */
export function eventText(event: ExportedEvent): string {
  switch (event.kind) {
    case 'riskDetection':
      return detectionJson(event)
    case 'riskyIdentity':
      return JSON.stringify(identityForm(event))
    case 'heartbeat':
      return JSON.stringify(heartbeatForm(event))
  }
}

/** The event's JSON in UTF-8, as in archive lines and webhook requests. */
export const eventJson = (event: ExportedEvent): Buffer => utf8(eventText(event))
