import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseEvent } from '../../shared/domain/flat-event.ts'
import type { RiskEvent } from '../../shared/domain/risk-event.ts'
import type { Json, JsonObject } from '../../shared/encoding/json.ts'
import { readMessage } from '../../shared/source/read-message.ts'
import { messageOf, position, settings } from '../source/reading-under-test.ts'
import { anyCodePoint } from '../support/any-code-point.ts'

const TENANT = '3f2b7c51-9d40-4e0a-8a6b-51c2d7e90b14'
const at = (ms: number): string => new Date(ms).toISOString()

const guid = fc.uuid()
const instantMs = fc.integer({ min: 1_600_000_000_000, max: 1_900_000_000_000 })
const word = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' })

/** Properties of a detection, all there. */
const detectionProperties = fc.record({
  id: fc
    .array(fc.constantFrom(...'0123456789abcdef'.split('')), { minLength: 64, maxLength: 64 })
    .map((c) => c.join('')),
  riskEventType: fc.constantFrom('leakedCredentials', 'suspiciousSignins', 'somethingNew'),
  riskState: fc.constantFrom('atRisk', 'dismissed', 'confirmedCompromised'),
  riskLevel: fc.constantFrom('low', 'medium', 'high', 'hidden'),
  riskDetail: word,
  source: word,
  detectionTimingType: fc.constantFrom('offline', 'realtime'),
  activity: fc.constantFrom('servicePrincipal', 'signin'),
  ipAddress: fc.ipV4(),
  location: fc.record({
    city: word,
    geoCoordinates: fc.record({ latitude: fc.double({ noNaN: true, min: -90, max: 90 }) }),
  }),
  activityDateTime: instantMs.map(at),
  detectedDateTime: instantMs.map(at),
  lastUpdatedDateTime: instantMs.map(at),
  servicePrincipalId: guid,
  servicePrincipalDisplayName: word,
  appId: guid,
  keyIds: fc.uniqueArray(guid, { minLength: 1, maxLength: 3 }),
  additionalInfo: fc.uniqueArray(
    fc.record({ Key: word, Value: fc.oneof(word, fc.constant(null), fc.array(word, { maxLength: 2 })) }),
    {
      selector: (pair) => pair.Key,
      maxLength: 3,
    },
  ),
})

type Properties = typeof detectionProperties extends fc.Arbitrary<infer T> ? T : never

const envelope = (properties: Json, around: JsonObject = {}): JsonObject => ({
  time: '5/6/2026 9:41:07 AM',
  category: 'ServicePrincipalRiskEvents',
  tenantId: TENANT,
  ...around,
  properties,
})

function eventOf(record: Json, sequenceNumber = position.sequenceNumber): RiskEvent {
  const message = {
    ...messageOf(JSON.stringify({ records: [record] })),
    position: { ...position, sequenceNumber },
  }
  const read = readMessage(message, settings)
  const reading = read.status === 'split' ? read.records[0]?.reading : undefined
  if (reading?.status !== 'event') throw new Error(`no event: ${JSON.stringify(reading)}`)
  return parseEvent(reading.event) as RiskEvent
}

/** The same value with the members of every object in another order. */
const reordered = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(reordered)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([k, v]) => [k, reordered(v)]),
  )
}

/**
 * What Microsoft Graph gives for the same detection: no envelope, seven fraction digits, padded
 * hours, `@odata` members.
 */
const graphCopy = (properties: Properties, digits: string, upper: boolean): JsonObject => {
  const cased = (id: string) => (upper ? id.toUpperCase() : id.toLowerCase())
  const seven = (time: string) => time.replace('Z', `${digits}Z`)
  return {
    '@odata.type': '#microsoft.graph.servicePrincipalRiskDetection',
    ...(reordered(properties) as JsonObject),
    keyIds: properties.keyIds.map(cased),
    appId: cased(properties.appId),
    servicePrincipalId: cased(properties.servicePrincipalId),
    additionalInfo: JSON.stringify(properties.additionalInfo),
    activityDateTime: seven(properties.activityDateTime),
    detectedDateTime: seven(properties.detectedDateTime),
    lastUpdatedDateTime: seven(properties.lastUpdatedDateTime),
    category: 'ServicePrincipalRiskEvents',
    origin: 'graph',
  }
}

const fourDigits = fc.integer({ min: 0, max: 9999 }).map((n) => String(n).padStart(4, '0'))

/** One change of meaning for each part that makes an event id. */
const changes: Readonly<Record<string, (p: Properties) => JsonObject>> = {
  id: (p) => ({ id: `${p.id}0` }),
  riskState: (p) => ({ riskState: `${p.riskState}2` }),
  lastUpdatedDateTime: (p) => ({ lastUpdatedDateTime: at(Date.parse(p.lastUpdatedDateTime) + 1) }),
  riskLevel: (p) => ({ riskLevel: `${p.riskLevel}2` }),
  riskDetail: (p) => ({ riskDetail: `${p.riskDetail}2` }),
  riskEventType: (p) => ({ riskEventType: `${p.riskEventType}2` }),
  source: (p) => ({ source: `${p.source}2` }),
  detectionTimingType: (p) => ({ detectionTimingType: `${p.detectionTimingType}2` }),
  activity: (p) => ({ activity: `${p.activity}2` }),
  activityDateTime: (p) => ({ activityDateTime: at(Date.parse(p.activityDateTime) - 1) }),
  detectedDateTime: () => ({ detectedDateTime: '' }),
  ipAddress: () => ({ ipAddress: '2001:db8::1' }),
  location: (p) => ({ location: { ...p.location, city: `${p.location.city}2` } }),
  tokenIssuerType: () => ({ tokenIssuerType: 'AzureAD' }),
  requestId: () => ({ requestId: 'aaaaaaaa-0000-4000-8000-000000000001' }),
  correlationId: () => ({ correlationId: 'aaaaaaaa-0000-4000-8000-000000000002' }),
  riskEvidence: () => ({ riskEvidence: 'seen' }),
  isProcessing: () => ({ isProcessing: false }),
  accountEnabled: () => ({ accountEnabled: false }),
  isEnabled: () => ({ isEnabled: true }),
  isDeleted: () => ({ isDeleted: true }),
  servicePrincipalType: () => ({ servicePrincipalType: 'Application' }),
  servicePrincipalId: () => ({ servicePrincipalId: '00000000-0000-4000-8000-000000000000' }),
  mitreTechniqueId: () => ({ mitreTechniqueId: 'T1078' }),
  servicePrincipalDisplayName: (p) => ({ servicePrincipalDisplayName: `${p.servicePrincipalDisplayName}2` }),
  appId: () => ({ appId: '00000000-0000-4000-8000-000000000000' }),
  keyIds: (p) => ({ keyIds: p.keyIds.slice(1) }),
  additionalInfo: (p) => ({
    additionalInfo: [...p.additionalInfo, { Key: 'one more key than before', Value: 1 }],
  }),
}
/** Of these, the ones that make another fact of it. */
const factChanges = ['id', 'riskState', 'lastUpdatedDateTime']

describe('the event id', () => {
  test('is the same whatever the order of members, key ids and pairs', () => {
    fc.assert(
      fc.property(detectionProperties, (properties) => {
        const other = {
          ...(reordered(properties) as JsonObject),
          keyIds: properties.keyIds.toReversed(),
          additionalInfo: properties.additionalInfo.toReversed(),
        }
        expect(eventOf(reordered(envelope(other))).eventId).toBe(eventOf(envelope(properties)).eventId)
      }),
    )
  })

  test('is the same for a redelivery, at another position and with another envelope', () => {
    fc.assert(
      fc.property(detectionProperties, fc.nat(), (properties, sequenceNumber) => {
        const again = envelope(properties, {
          time: '5/6/2026 11:00:00 PM',
          Level: 4,
          durationMs: '7',
          location: 'weu',
        })
        expect(eventOf(again, sequenceNumber)).toEqual(eventOf(envelope(properties)))
      }),
    )
  })

  test('does not depend on what we do not know', () => {
    fc.assert(
      fc.property(detectionProperties, fc.jsonValue({ stringUnit: anyCodePoint }), (properties, unknown) => {
        const more = eventOf(envelope({ ...properties, unknown: unknown as Json }, { anotherOne: 1 }))
        expect(more.eventId).toBe(eventOf(envelope(properties)).eventId)
        expect(Object.keys(more.extra).sort()).toEqual(['anotherOne', 'unknown'])
      }),
    )
  })

  test.each(Object.keys(changes))('changes with %s', (part) => {
    fc.assert(
      fc.property(detectionProperties, (properties) => {
        const before = eventOf(envelope(properties))
        const after = eventOf(envelope({ ...properties, ...changes[part]?.(properties) }))
        expect(after.eventId).not.toBe(before.eventId)
        expect(after.factKey === before.factKey).toBe(!factChanges.includes(part))
      }),
      { numRuns: 25 },
    )
  })

  test.each(['identityType', 'blueprintId', 'signInRequestId', 'signInCorrelationId', 'clientSessionId'])(
    "changes with an agent's %s, which is no unknown field",
    (part) => {
      fc.assert(
        fc.property(detectionProperties, guid, ({ id, servicePrincipalId, lastUpdatedDateTime }, value) => {
          const agent = (more: JsonObject) =>
            eventOf(
              envelope(
                { id, agentId: servicePrincipalId, lastUpdatedDateTime, ...more },
                { category: 'AgentRiskEvents' },
              ),
            )
          const after = agent({ [part]: value })
          expect(after.extra).toEqual({})
          expect(after.factKey).toBe(agent({}).factKey)
          expect(after.eventId).not.toBe(agent({}).eventId)
          expect(agent({ [part]: value.toUpperCase() }).eventId === after.eventId).toBe(
            part !== 'identityType' || value === value.toUpperCase(),
          )
        }),
        { numRuns: 25 },
      )
    },
  )

  test('changes with the tenant and the category', () => {
    fc.assert(
      fc.property(detectionProperties, (properties) => {
        const ids = [
          envelope(properties),
          envelope(properties, { tenantId: '00000000-0000-4000-8000-000000000001' }),
          envelope(
            { ...properties, agentId: properties.servicePrincipalId },
            { category: 'AgentRiskEvents' },
          ),
          envelope({ ...properties, userId: properties.servicePrincipalId }, { category: 'UserRiskEvents' }),
          envelope(
            { ...properties, riskLastUpdatedDateTime: properties.lastUpdatedDateTime },
            { category: 'RiskyServicePrincipals' },
          ),
        ].map((record) => eventOf(record).eventId)
        expect(new Set(ids).size).toBe(ids.length)
      }),
      { numRuns: 25 },
    )
  })
})

describe('a risky identity that changes under an unchanged last update', () => {
  const known = {
    id: '6d1e8a90-42b7-4c3f-9e55-0a7b31c4d2f8',
    riskState: 'atRisk',
    riskLastUpdatedDateTime: at(1_780_000_000_000),
  }
  const flag = fc.constantFrom(true, false, null)
  const flags = fc.record({
    isEnabled: flag,
    isDeleted: flag,
    isProcessing: flag,
    displayName: fc.constantFrom('a', 'b', null),
  })

  test('is another version of the same fact', () => {
    fc.assert(
      fc.property(flags, flags, (before, after) => {
        const [a, b] = [before, after].map((f) =>
          eventOf(envelope({ ...known, ...f }, { category: 'RiskyServicePrincipals' })),
        )
        expect(a?.factKey).toBe(b?.factKey)
        expect(a?.eventId === b?.eventId).toBe(JSON.stringify(before) === JSON.stringify(after))
      }),
    )
  })
})

describe('a copy from Microsoft Graph', () => {
  const byStream = (properties: Properties) =>
    envelope(
      { ...properties, lastUpdatedDateTime: properties.lastUpdatedDateTime.replace(/T0(\d)/, 'T$1') },
      { tenantId: settings.tenantId.toUpperCase() },
    )

  test('has the fact key of the stream, and what both know makes the same event id', () => {
    fc.assert(
      fc.property(detectionProperties, fourDigits, fc.boolean(), (properties, digits, upper) => {
        const stream = eventOf(byStream(properties))
        const copy = eventOf(graphCopy(properties, digits, upper))
        expect(copy.factKey).toBe(stream.factKey)
        expect(copy.eventId).toBe(stream.eventId)
        expect([stream.origin, copy.origin]).toEqual(['stream', 'graph'])
      }),
    )
  })

  test('of a risky identity has the fact key of the stream too', () => {
    const identity = fc.record({ id: guid, riskState: word, riskLastUpdatedDateTime: instantMs.map(at) })
    fc.assert(
      fc.property(identity, fourDigits, (known, digits) => {
        const category = 'RiskyServicePrincipals'
        const stream = eventOf(envelope(known, { category, tenantId: settings.tenantId }))
        const copy = eventOf({
          ...known,
          category,
          id: known.id.toUpperCase(),
          riskLastUpdatedDateTime: known.riskLastUpdatedDateTime.replace('Z', `${digits}Z`),
        })
        expect(copy.factKey).toBe(stream.factKey)
      }),
    )
  })
})
