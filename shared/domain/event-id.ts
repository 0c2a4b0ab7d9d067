import { canonicalJson } from '../encoding/canonical-json.ts'
import { sha256Hex } from '../encoding/digest.ts'
import type { Json } from '../encoding/json.ts'
import { sorted, sortedTexts } from '../encoding/sorted.ts'
import type { Heartbeat } from './heartbeat.ts'
import { type EventId, eventId, type FactKey, ID_DIGITS } from './identifiers.ts'
import type { AdditionalInfo, Identity, Risk, RiskDetection, RiskyIdentity } from './risk-event.ts'

/**
 * Fields left out of the event id: those the fact key covers, the sender, and what no record says.
 */
type Apart =
  | 'eventId'
  | 'factKey'
  | 'kind'
  | 'category'
  | 'tenantId'
  | 'detectionId'
  | 'lastUpdatedAt'
  | 'origin'
  | 'detection'
  | 'extra'

type RiskField = Exclude<keyof RiskDetection | keyof RiskyIdentity, Apart>

/** A detection, or an identity, which lacks the fields only detections have. */
export type RiskParts = Pick<RiskDetection, 'factKey' | 'identity' | 'risk'> &
  Partial<Pick<RiskDetection, RiskField>>
export type HeartbeatParts = Pick<Heartbeat, Exclude<keyof Heartbeat, Exclude<Apart, 'factKey'>>>

/** The hashed fields, by name: a field added to the model and forgotten here does not compile. */
type Listed<Field extends string> = { readonly [F in Field]: Json }

const identityList = (identity: Identity): Listed<Exclude<keyof Identity, 'type'>> => ({
  id: identity.id,
  displayName: identity.displayName ?? null,
  appId: identity.appId ?? null,
  subtype: identity.subtype ?? null,
  userPrincipalName: identity.userPrincipalName ?? null,
  enabled: identity.enabled ?? null,
  deleted: identity.deleted ?? null,
})

const riskList = (risk: Risk): Listed<Exclude<keyof Risk, 'state'>> => ({
  level: risk.level ?? null,
  detail: risk.detail ?? null,
  eventType: risk.eventType ?? null,
})

const byKey = (a: AdditionalInfo, b: AdditionalInfo): boolean => a.key < b.key

const otherList = (e: RiskParts): Listed<Exclude<RiskField, 'identity' | 'risk'>> => ({
  activityAt: e.activityAt ?? null,
  detectedAt: e.detectedAt ?? null,
  lastUpdatedFrom: e.lastUpdatedFrom ?? null,
  source: e.source ?? null,
  timingType: e.timingType ?? null,
  activity: e.activity ?? null,
  tokenIssuerType: e.tokenIssuerType ?? null,
  requestId: e.requestId ?? null,
  correlationId: e.correlationId ?? null,
  ipAddress: e.ipAddress ?? null,
  location: e.location ?? null,
  keyIds: sortedTexts(e.keyIds ?? []),
  additionalInfo: sorted(e.additionalInfo ?? [], byKey).map(({ key, value }) => [key, value]),
  evidence: e.evidence ?? null,
  // Catalogue techniques follow from the type, and change with the program.
  attack: e.attack?.origin === 'wire' ? sortedTexts(e.attack.techniques) : null,
  processing: e.processing ?? null,
})

const heartbeatList = (e: HeartbeatParts): Listed<Exclude<keyof HeartbeatParts, 'factKey'>> => ({
  lastUpdatedFrom: e.lastUpdatedFrom ?? null,
  version: e.version ?? null,
  health: e.health,
})

/**
 * Canonical JSON of a list of these elements, in order. Runs for every record, so it builds no
 * list.
 */
function idOf(factKey: FactKey, ...parts: readonly Listed<string>[]): EventId {
  let text = `["${factKey}"`
  for (const part of parts) for (const name in part) text += `,${canonicalJson(part[name] ?? null)}`
  return eventId(sha256Hex(`${text}]`).slice(0, ID_DIGITS))
}

/**
 * Which version of a fact: a redelivery has the same id; an enrichment has another, and so does a
 * principal disabled while its risk is unchanged. Made of every event field in model order, except
 * `Apart`. Version 1; changing the list of fields makes version 2.
 */
export const eventIdOf = (event: RiskParts): EventId =>
  idOf(event.factKey, identityList(event.identity), riskList(event.risk), otherList(event))

/** The event id of a heartbeat. */
export const heartbeatIdOf = (event: HeartbeatParts): EventId => idOf(event.factKey, heartbeatList(event))
