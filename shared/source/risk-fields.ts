import type { CategoryMeaning } from '../domain/category.ts'
import { type EventField, slotOf } from '../domain/event-fields.ts'
import { fieldNames } from './field-names.ts'
import type { FieldRule, Rule } from './fields.ts'
import { address, flag, id, keyIds, location, pairs, text, time } from './rules.ts'

const field = (name: EventField, rule: Rule, ...names: readonly string[]): FieldRule => ({
  slot: slotOf(name),
  rule,
  names,
})

/** Detections only. */
const DETECTION: readonly FieldRule[] = [
  field('activityAt', time, 'activityDateTime'),
  field('detectedAt', time, 'detectedDateTime'),
  field('source', text, 'source'),
  field('timingType', text, 'detectionTimingType'),
  field('activity', text, 'activity'),
  field('tokenIssuerType', text, 'tokenIssuerType'),
  field('requestId', id, 'requestId'),
  field('correlationId', id, 'correlationId'),
  field('ipAddress', address, 'ipAddress'),
  field('location', location, 'location'),
  field('keyIds', keyIds, 'keyIds'),
  field('additionalInfo', pairs, 'additionalInfo'),
  field('evidence', text, 'riskEvidence'),
  field('risk.eventType', text, 'riskEventType'),
]

/** Detections on agents only. */
const AGENT_DETECTION: readonly FieldRule[] = [
  field('signInRequestId', id, 'signInRequestId'),
  field('signInCorrelationId', id, 'signInCorrelationId'),
  field('clientSessionId', id, 'clientSessionId'),
]

/** Detections and risky identities. */
const RISK: readonly FieldRule[] = [
  field('risk.level', text, 'riskLevel'),
  field('risk.state', text, 'riskState'),
  field('risk.detail', text, 'riskDetail'),
  field('processing', flag, 'isProcessing'),
  field('identity.appId', id, 'appId'),
  field('identity.enabled', flag, 'accountEnabled', 'isEnabled'),
  field('identity.deleted', flag, 'isDeleted'),
]

/** The identity and its risk, in records of the exporter. */
export const OWN_IDENTITY: readonly FieldRule[] = [
  field('identity.displayName', text, 'displayName'),
  field('identity.appId', id, 'appId'),
  field('identity.subtype', text, 'subtype'),
  field('identity.blueprintId', id, 'blueprintId'),
  field('identity.enabled', flag, 'accountEnabled'),
  field('risk.level', text, 'riskLevel'),
  field('risk.state', text, 'riskState'),
]

/** All optional fields of a category, except last update and techniques. */
export function fieldRules(meaning: CategoryMeaning): readonly FieldRule[] {
  const { displayName, subtype } = fieldNames(meaning)
  const isDetection = meaning.kind === 'riskDetection'
  const isAgent = meaning.identityType === 'agent'
  return [
    ...RISK,
    field('identity.displayName', text, ...displayName),
    ...(subtype === undefined ? [] : [field('identity.subtype', text, subtype)]),
    ...(meaning.identityType === 'user'
      ? [field('identity.userPrincipalName', text, 'userPrincipalName')]
      : []),
    ...(isAgent ? [field('identity.blueprintId', id, 'blueprintId')] : []),
    ...(isDetection ? DETECTION : []),
    ...(isDetection && isAgent ? AGENT_DETECTION : []),
  ]
}
