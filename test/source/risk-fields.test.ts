import { describe, expect, it } from 'vitest'
import { parseEvent } from '../../shared/domain/flat-event.ts'
import type { RiskEvent } from '../../shared/domain/risk-event.ts'
import { readMessage } from '../../shared/source/read-message.ts'
import { messageOf, settings } from './reading-under-test.ts'

const TEXTS = [
  'id',
  'servicePrincipalId',
  'agentId',
  'userId',
  'servicePrincipalDisplayName',
  'agentDisplayName',
  'userDisplayName',
  'displayName',
  'servicePrincipalType',
  'identityType',
  'userPrincipalName',
  'appId',
  'blueprintId',
  'riskLevel',
  'riskState',
  'riskDetail',
  'riskEventType',
  'source',
  'detectionTimingType',
  'activity',
  'tokenIssuerType',
  'requestId',
  'correlationId',
  'signInRequestId',
  'signInCorrelationId',
  'clientSessionId',
  'riskEvidence',
]

/** Every property that is read in some category; texts say their own name. */
const PROPERTIES = {
  ...Object.fromEntries(TEXTS.map((name) => [name, name])),
  isProcessing: true,
  accountEnabled: true,
  isEnabled: false,
  isDeleted: false,
  activityDateTime: '2026-01-01T00:00:00.000Z',
  detectedDateTime: '2026-01-02T00:00:00.000Z',
  lastUpdatedDateTime: '2026-01-03T00:00:00.000Z',
  lastModifiedDateTime: '2026-01-04T00:00:00.000Z',
  riskLastUpdatedDateTime: '2026-01-05T00:00:00.000Z',
  riskLastModifiedDateTime: '2026-01-06T00:00:00.000Z',
  ipAddress: '192.0.2.1',
  location: { city: 'city' },
  keyIds: ['key'],
  additionalInfo: [{ Key: 'a', Value: 'b' }],
}

function eventOf(category: string, properties: object) {
  const read = readMessage(messageOf(JSON.stringify({ category, properties })), settings)
  const reading = read.status === 'split' ? read.records[0]?.reading : undefined
  if (reading?.status !== 'event') throw new Error(`no event: ${JSON.stringify(reading)}`)
  return parseEvent(reading.event)
}

const day = (n: number): number => Date.UTC(2026, 0, n)
const risk = { level: 'riskLevel', state: 'riskState', detail: 'riskDetail' }
const flags = { enabled: true, deleted: false }
const detection = {
  kind: 'riskDetection',
  detectionId: 'id',
  risk: { ...risk, eventType: 'riskEventType' },
  activityAt: day(1),
  detectedAt: day(2),
  source: 'source',
  timingType: 'detectionTimingType',
  activity: 'activity',
  tokenIssuerType: 'tokenIssuerType',
  requestId: 'requestId',
  correlationId: 'correlationId',
  ipAddress: '192.0.2.1',
  location: { city: 'city' },
  keyIds: ['key'],
  additionalInfo: [{ key: 'a', value: 'b' }],
  evidence: 'riskEvidence',
  processing: true,
}
const identity = { kind: 'riskyIdentity', risk, processing: true }

describe('a record with every property that any category has', () => {
  it.each([
    [
      'ServicePrincipalRiskEvents',
      {
        ...detection,
        identity: {
          type: 'servicePrincipal',
          id: 'servicePrincipalId',
          displayName: 'servicePrincipalDisplayName',
          appId: 'appId',
          subtype: 'servicePrincipalType',
          ...flags,
        },
        lastUpdatedAt: day(3),
      },
    ],
    [
      'AgentRiskEvents',
      {
        ...detection,
        identity: {
          type: 'agent',
          id: 'agentId',
          displayName: 'agentDisplayName',
          appId: 'appId',
          subtype: 'identityType',
          blueprintId: 'blueprintId',
          ...flags,
        },
        lastUpdatedAt: day(4),
        signInRequestId: 'signInRequestId',
        signInCorrelationId: 'signInCorrelationId',
        clientSessionId: 'clientSessionId',
      },
    ],
    [
      'UserRiskEvents',
      {
        ...detection,
        identity: {
          type: 'user',
          id: 'userId',
          displayName: 'userDisplayName',
          appId: 'appId',
          userPrincipalName: 'userPrincipalName',
          ...flags,
        },
        lastUpdatedAt: day(3),
      },
    ],
    [
      'RiskyServicePrincipals',
      {
        ...identity,
        identity: {
          type: 'servicePrincipal',
          id: 'id',
          displayName: 'displayName',
          appId: 'appId',
          subtype: 'servicePrincipalType',
          ...flags,
        },
        lastUpdatedAt: day(5),
      },
    ],
    [
      'RiskyAgents',
      {
        ...identity,
        identity: {
          type: 'agent',
          id: 'id',
          displayName: 'agentDisplayName',
          appId: 'appId',
          subtype: 'identityType',
          blueprintId: 'blueprintId',
          ...flags,
        },
        lastUpdatedAt: day(6),
      },
    ],
    [
      'RiskyUsers',
      {
        ...identity,
        identity: {
          type: 'user',
          id: 'id',
          displayName: 'userDisplayName',
          appId: 'appId',
          userPrincipalName: 'userPrincipalName',
          ...flags,
        },
        lastUpdatedAt: day(5),
      },
    ],
  ])('has those of %s, and the others in extra', (category, expected) => {
    const event = eventOf(category, PROPERTIES) as RiskEvent
    const { eventId, factKey, origin, tenantId, extra } = event
    expect(event).toEqual({ category, eventId, factKey, origin, tenantId, extra, ...expected })
    const read = JSON.stringify(expected)
    for (const name of TEXTS) expect(name in extra, name).toBe(!read.includes(`:"${name}"`))
  })
})

it.each([
  ['AgentRiskEvents', { id: 'id', agentId: 'a' }, ['a', undefined, day(3)]],
  ['RiskyAgents', { agentId: 'a', displayName: 'name' }, ['a', 'name', day(5)]],
])('a record of %s without the usual names is read by the others', (category, names, expected) => {
  const { lastUpdatedDateTime, riskLastUpdatedDateTime } = PROPERTIES
  const properties = { ...names, lastUpdatedDateTime, riskLastUpdatedDateTime, isEnabled: false }
  const event = eventOf(category, properties) as RiskEvent
  expect([event.identity.id, event.identity.displayName, event.lastUpdatedAt]).toEqual(expected)
  expect(event.identity.enabled).toBe(false)
})

it('the context of an identity says who it is, and its risk', () => {
  const properties = { ...PROPERTIES, identityId: 'identityId', identityType: 'agent', subtype: 'subtype' }
  expect(eventOf('RiskExport.IdentityContext', properties)).toMatchObject({
    identity: {
      type: 'agent',
      id: 'identityId',
      displayName: 'displayName',
      appId: 'appId',
      subtype: 'subtype',
      blueprintId: 'blueprintId',
      enabled: true,
    },
    risk: { level: 'riskLevel', state: 'riskState' },
  })
})
