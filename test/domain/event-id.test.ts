import { describe, expect, test } from 'vitest'
import type { Heartbeat } from '../../shared/domain/heartbeat.ts'
import { factKey, instant } from '../../shared/domain/identifiers.ts'
import type { Identity, Risk, RiskDetection } from '../../shared/domain/risk-event.ts'
import { sha256Hex } from '../../shared/encoding/digest.ts'
import { detection, heartbeat, riskyIdentity } from '../support/archived-events.ts'
import { eventIdOf } from '../support/event-forms.ts'

const key = factKey('f'.repeat(32))

/**
 * Every field that an event can have: one that the model gains is missing here, and does not
 * compile.
 */
type Whole<T> = { readonly [K in keyof Required<T>]: Required<T>[K] }

const identity: Whole<Identity> = {
  type: 'servicePrincipal',
  id: 'sp',
  displayName: 'Night Batch',
  appId: 'app',
  subtype: 'Application',
  blueprintId: 'blueprint',
  userPrincipalName: 'batch@contoso.example',
  enabled: true,
  deleted: false,
}
const risk: Whole<Risk> = { level: 'high', state: 'atRisk', detail: 'none', eventType: 'leakedCredentials' }

const full: Whole<RiskDetection> = {
  ...detection('a'),
  factKey: key,
  identity,
  risk,
  activityAt: instant(1),
  detectedAt: instant(2),
  lastUpdatedFrom: 'enqueuedTime',
  source: 'IdentityProtection',
  timingType: 'offline',
  activity: 'servicePrincipal',
  tokenIssuerType: 'AzureAD',
  requestId: 'request',
  correlationId: 'correlation',
  signInRequestId: 'sign-in request',
  signInCorrelationId: 'sign-in correlation',
  clientSessionId: 'session',
  ipAddress: '203.0.113.7',
  location: { b: 1, a: 'x' },
  keyIds: ['k2', 'k1'],
  additionalInfo: [
    { key: 'z', value: { b: 1, a: 2 } },
    { key: 'a', value: null },
  ],
  evidence: 'seen',
  attack: { techniques: ['T2', 'T1'], origin: 'wire' },
  detection: { name: 'n', description: 'd', severity: 'high', links: [] },
  processing: true,
}

const fullHeartbeat: Whole<Heartbeat> = {
  ...heartbeat('a'),
  factKey: key,
  lastUpdatedFrom: 'enqueuedTime',
  version: '1.2.3',
  health: { b: 1, a: 2 },
}

const without = (object: object, member: string): object =>
  Object.fromEntries(Object.entries(object).filter(([name]) => name !== member))

/** Said by the fact key, or no part of a fact. */
const NOT_HASHED = [
  'eventId',
  'kind',
  'category',
  'tenantId',
  'detectionId',
  'lastUpdatedAt',
  'origin',
  'detection',
]
const idWithout = (member: string) => eventIdOf(without(full, member))

describe('an event id', () => {
  test('is half a SHA-256 of the canonical list of its parts, version 1', () => {
    const list =
      `["${key}","sp","Night Batch","app","Application","blueprint","batch@contoso.example",true,false,"high","none","leakedCredentials",` +
      '1,2,"enqueuedTime","IdentityProtection","offline","servicePrincipal","AzureAD","request","correlation","sign-in request","sign-in correlation","session","203.0.113.7",' +
      '{"a":"x","b":1},["k1","k2"],[["a",null],["z",{"a":2,"b":1}]],"seen",["T1","T2"],true]'
    expect(eventIdOf(full)).toBe(sha256Hex(list).slice(0, 32))
    expect(eventIdOf(full)).toBe('06e902cfe3db8224cd85bc22b31782ad')
  })

  test('takes what is absent for null, and no list for an empty one', () => {
    const list = `["${key}","sp",${'null,'.repeat(24)}[],[],null,null,null]`
    const bare = { factKey: key, identity: { type: 'agent', id: 'sp' }, risk: {} } as const
    expect(eventIdOf(bare)).toBe(sha256Hex(list).slice(0, 32))
    expect(eventIdOf({ ...bare, keyIds: [], additionalInfo: [] })).toBe(eventIdOf(bare))
  })

  test('does not depend on the order of key ids, techniques, pairs and members', () => {
    const other = {
      ...full,
      location: { a: 'x', b: 1 },
      keyIds: full.keyIds.toReversed(),
      additionalInfo: full.additionalInfo.toReversed(),
      attack: { techniques: ['T1', 'T2'], origin: 'wire' },
    }
    expect(eventIdOf(other)).toBe(eventIdOf(full))
  })

  test.each(Object.keys(without(full, 'identity')).filter((f) => f !== 'risk' && f !== 'factKey'))(
    'depends on %s, unless the fact key says it or it is no part of a fact',
    (member) => {
      expect(idWithout(member) === eventIdOf(full)).toBe([...NOT_HASHED, 'extra'].includes(member))
    },
  )

  test.each(Object.keys(identity).filter((member) => member !== 'type'))(
    "depends on the identity's %s",
    (m) => {
      const changed = { ...identity, [m]: m === 'id' ? 'other' : undefined } as unknown as Identity
      expect(eventIdOf({ ...full, identity: changed })).not.toBe(eventIdOf(full))
    },
  )

  test.each(Object.keys(risk).filter((member) => member !== 'state'))(
    "depends on the risk's %s",
    (member) => {
      expect(eventIdOf({ ...full, risk: without(risk, member) })).not.toBe(eventIdOf(full))
    },
  )

  test('tells a principal that was disabled, or deleted, since', () => {
    const state = (enabled: boolean, deleted: boolean) =>
      eventIdOf(riskyIdentity('a', { identity: { ...identity, enabled, deleted } }))
    expect(
      new Set([state(true, false), state(false, false), state(true, true), state(false, true)]).size,
    ).toBe(4)
  })

  test('does not depend on techniques that the catalogue has for the type', () => {
    const catalogued = (techniques: readonly string[]) =>
      eventIdOf({ ...full, attack: { techniques, origin: 'catalogue' } })
    expect(catalogued(['T1'])).toBe(catalogued(['T2']))
    expect(catalogued(['T1'])).toBe(idWithout('attack'))
  })

  test('changes with the fact', () => {
    expect(eventIdOf({ ...full, factKey: factKey('0'.repeat(32)) })).not.toBe(eventIdOf(full))
  })

  test('does not sort the lists that it is given', () => {
    const keyIds = ['k2', 'k1']
    eventIdOf({ ...full, keyIds })
    expect(keyIds).toEqual(['k2', 'k1'])
  })
})

const heartbeatIdOf = (event: object): string => eventIdOf({ ...event, kind: 'heartbeat' })

describe('the event id of a heartbeat', () => {
  test('is made of its fact and all that it says', () => {
    const list = `["${key}","enqueuedTime","1.2.3",{"a":2,"b":1}]`
    expect(heartbeatIdOf(fullHeartbeat)).toBe(sha256Hex(list).slice(0, 32))
  })

  test.each(Object.keys(fullHeartbeat).filter((member) => member !== 'factKey'))(
    'depends on %s, unless the fact key says it or it is no part of a fact',
    (member) => {
      const rest = { ...without(fullHeartbeat, member), ...(member === 'health' ? { health: {} } : {}) }
      expect(heartbeatIdOf(rest) === heartbeatIdOf(fullHeartbeat)).toBe(NOT_HASHED.includes(member))
    },
  )
})
