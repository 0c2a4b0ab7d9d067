import type { ExportedEvent } from './exported-event.ts'
import type { Heartbeat } from './heartbeat.ts'
import { isoInstant } from './identifiers.ts'
import type { RiskDetection, RiskyIdentity } from './risk-event.ts'

const head = (e: ExportedEvent) => ({
  kind: e.kind,
  eventId: e.eventId,
  factKey: e.factKey,
  origin: e.origin,
  category: e.category,
  tenantId: e.tenantId,
})

const times = (e: RiskDetection) => ({
  ...(e.activityAt === undefined ? {} : { activityAt: isoInstant(e.activityAt) }),
  ...(e.detectedAt === undefined ? {} : { detectedAt: isoInstant(e.detectedAt) }),
})

const extra = (e: RiskDetection | RiskyIdentity) =>
  Object.keys(e.extra).length === 0 ? {} : { extra: e.extra }

const detectionForm = (e: RiskDetection) => ({
  ...head(e),
  detectionId: e.detectionId,
  identity: e.identity,
  risk: e.risk,
  ...times(e),
  lastUpdatedAt: isoInstant(e.lastUpdatedAt),
  // JSON.stringify leaves out what is undefined: absent stays absent.
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
  detection: e.detection,
  processing: e.processing,
  ...extra(e),
})

const identityForm = (e: RiskyIdentity) => ({
  ...head(e),
  identity: e.identity,
  risk: e.risk,
  lastUpdatedAt: isoInstant(e.lastUpdatedAt),
  processing: e.processing,
  ...extra(e),
})

const heartbeatForm = (e: Heartbeat) => ({
  ...head(e),
  lastUpdatedAt: isoInstant(e.lastUpdatedAt),
  version: e.version,
  health: e.health,
})

/** The event as JSON text, as archive lines and webhooks carry it: instants as ISO 8601, absent fields left out. */
export function eventJson(event: ExportedEvent): string {
  switch (event.kind) {
    case 'riskDetection':
      return JSON.stringify(detectionForm(event))
    case 'riskyIdentity':
      return JSON.stringify(identityForm(event))
    case 'heartbeat':
      return JSON.stringify(heartbeatForm(event))
  }
}
