import { describe, expect, test } from 'vitest'
import { parseEvent } from '../../shared/domain/flat-event.ts'
import type { ReadMessage, ReadRecord, RecordReading } from '../../shared/domain/read-message.ts'
import type { RiskEvent, RiskyIdentity } from '../../shared/domain/risk-event.ts'
import { digest } from '../../shared/encoding/digest.ts'
import { eventMemory } from '../../shared/source/event-memory.ts'
import { readMessage } from '../../shared/source/read-message.ts'
import { rereadRecord } from '../../shared/source/reread-record.ts'
import type { SourceSettings } from '../../shared/source/source-settings.ts'
import { asObject } from '../support/event-forms.ts'
import { messageOf, position, settings } from './reading-under-test.ts'

const PROPERTIES = { id: 'sp', riskState: 'atRisk', riskLastUpdatedDateTime: '2026-05-06T9:41:07.215Z' }
const RECORD = { category: 'RiskyServicePrincipals', properties: PROPERTIES }

const readingsOf = (
  body: string | Uint8Array,
  changes: Partial<SourceSettings> = {},
): readonly RecordReading[] => {
  const read = readMessage(messageOf(body), { ...settings, ...changes })
  if (read.status !== 'split') throw new Error(`not split: ${read.fault.code}`)
  return read.records.map(({ reading }) => reading)
}

/** A message with the digests that are made when they are asked for. */
const withDigests = (read: ReadMessage) => ({
  ...read,
  bodyDigest: read.bodyDigest(),
  ...(read.status === 'split'
    ? { records: read.records.map((record) => ({ ...record, digest: record.digest() })) }
    : {}),
})

describe('a message that is read', () => {
  test('keeps position, size and digest of the body, and ordinals, sizes and digests of its records', () => {
    const record = JSON.stringify(RECORD)
    const body = `{"records":[${record}, {"category":"SignInLogs"}]}`
    const read = readMessage(messageOf(body), settings)
    expect(withDigests(read)).toMatchObject({
      status: 'split',
      position,
      bodyBytes: body.length,
      bodyDigest: digest(body),
      records: [
        {
          ordinal: 0,
          bytes: record.length,
          digest: digest(record),
          content: { form: 'json', bytes: Buffer.from(record) },
        },
        { ordinal: 1, bytes: 25, reading: { status: 'skipped' } },
      ],
    })
  })

  test('may be a view into a larger buffer, and is not changed', () => {
    const bytes = new TextEncoder().encode(`xx${JSON.stringify(RECORD)}xx`)
    const before = bytes.slice()
    const [reading] = readingsOf(bytes.subarray(2, -2))
    expect(reading?.status).toBe('event')
    expect(bytes).toEqual(before)
  })

  test('of a megabyte gives every record', () => {
    const records = Array.from({ length: 9000 }, (_, i) =>
      JSON.stringify({ ...RECORD, properties: { ...PROPERTIES, id: `sp-${i}` } }),
    )
    const body = `{"records":[${records.join(',')}]}`
    expect(body.length).toBeGreaterThan(1_000_000)
    const ids = readingsOf(body).map((r) =>
      r.status === 'event' ? (parseEvent(r.event) as RiskyIdentity).identity.id : '',
    )
    expect(ids).toEqual(records.map((_, i) => `sp-${i}`))
  })

  test('with names of object prototypes changes no prototype', () => {
    const body = `{"records":[{"category":"RiskyServicePrincipals","__proto__":{"polluted":1},"properties":{"id":"sp","constructor":{"prototype":{"polluted":1}},"__proto__":{"polluted":1},"riskLastUpdatedDateTime":"2026-05-06T9:41:07Z"}}]}`
    const [reading] = readingsOf(body)
    if (reading?.status !== 'event') throw new Error('no event')
    const { extra } = parseEvent(reading.event) as RiskyIdentity
    expect(Reflect.get({}, 'polluted')).toBeUndefined()
    expect(Object.getPrototypeOf(extra)).toBe(Object.prototype)
    expect(Reflect.get(extra, 'polluted')).toBeUndefined()
    expect(Object.keys(extra)).toEqual(['envelope.__proto__', 'constructor', '__proto__'])
  })
})

describe('the settings', () => {
  const user = { category: 'RiskyUsers', properties: PROPERTIES }

  test('decide whether records about people are read', () => {
    expect(readingsOf(JSON.stringify(user), { includeUserRisk: false })).toEqual([{ status: 'skipped' }])
    expect(readingsOf(JSON.stringify(user), { includeUserRisk: true })[0]?.status).toBe('event')
  })

  test('name the tenant only where the record names none', () => {
    const tenantOf = (record: object) => {
      const [reading] = readingsOf(JSON.stringify(record))
      return reading?.status === 'event' ? parseEvent(reading.event).tenantId : undefined
    }
    const guid = 'ABCDEF01-2345-4678-9ABC-DEF012345678'
    expect(tenantOf(RECORD)).toBe(settings.tenantId)
    expect(tenantOf({ ...RECORD, resourceId: `/Tenants/${guid}/providers/x` })).toBe(guid.toLowerCase())
    expect(tenantOf({ ...RECORD, resourceId: '/tenants/x', tenantId: guid })).toBe(guid.toLowerCase())
  })
})

const partsOf = (record: object) => {
  const [reading] = readingsOf(JSON.stringify(record))
  if (reading?.status !== 'event') throw new Error('no event')
  return parseEvent(reading.event) as RiskEvent
}

describe('what is optional never costs the event:', () => {
  const ODD = [{ a: 1 }, [], ['x'], true, 1.5, 'odd', '0001-01-01T00:00:00Z', '<null>', ' ', 1e300]
  const DETECTION = {
    category: 'ServicePrincipalRiskEvents',
    time: '5/6/2026 9:41:07 AM',
    properties: { id: 'd', servicePrincipalId: 'sp' },
  }
  const AGENT_DETECTION = {
    ...DETECTION,
    category: 'AgentRiskEvents',
    properties: { id: 'd', agentId: 'a' },
  }
  const optional = [
    'riskState riskLevel riskDetail riskEventType source detectionTimingType activity tokenIssuerType requestId correlationId',
    'ipAddress location keyIds additionalInfo riskEvidence mitreTechniqueId isProcessing accountEnabled isEnabled isDeleted appId',
    'servicePrincipalDisplayName servicePrincipalType activityDateTime detectedDateTime lastUpdatedDateTime',
  ].flatMap((names) => names.split(' '))

  test.each(optional)('%s', (name) => {
    for (const odd of ODD) {
      const properties = { ...DETECTION.properties, [name]: odd }
      const event = partsOf({ ...DETECTION, properties })
      // Used, or nothing at all, or kept as it was sent.
      expect(event.extra).toEqual(name in event.extra ? { [name]: odd } : {})
    }
  })

  test.each(['identityType', 'blueprintId', 'signInRequestId', 'signInCorrelationId', 'clientSessionId'])(
    '%s of an agent',
    (name) => {
      for (const odd of ODD) {
        const properties = { ...AGENT_DETECTION.properties, [name]: odd }
        const { extra, identity } = partsOf({ ...AGENT_DETECTION, properties })
        expect(identity.id).toBe('a')
        expect(extra).toEqual(name in extra ? { [name]: odd } : {})
      }
    },
  )

  test.each(['time', 'tenantId', 'resourceId', 'origin', 'callerIpAddress', 'Level', 'AADTenantId'])(
    '%s around',
    (name) => {
      for (const odd of ODD) expect(partsOf({ ...DETECTION, [name]: odd }).identity.id).toBe('sp')
    },
  )
})

describe('names of fields', () => {
  test('mean the same in any case', () => {
    const record = { ...RECORD, tenantId: settings.tenantId, time: '5/6/2026 9:41:07 AM', origin: 'graph' }
    const cased = (change: (name: string) => string) => {
      const properties = Object.fromEntries(Object.entries(PROPERTIES).map(([k, v]) => [change(k), v]))
      const around = Object.entries({ ...record, properties }).map(([k, v]) => [change(k), v] as const)
      return partsOf(Object.fromEntries(around))
    }
    for (const change of [
      (n: string) => n.toUpperCase(),
      (n: string) => n.toLowerCase(),
      (n: string) => `${n.charAt(0).toUpperCase()}${n.slice(1)}`,
    ])
      expect(cased(change)).toEqual(partsOf(record))
  })

  test('that differ in case alone: the first that says something, these very letters first', () => {
    const of = (levels: object) => partsOf({ ...RECORD, properties: { ...PROPERTIES, ...levels } })
    expect(of({ RiskLevel: 'low', riskLevel: 'high' }).risk.level).toBe('high')
    expect(of({ RISKLEVEL: '', RiskLevel: 'low', riskLevel: null }).risk.level).toBe('low')
    expect(of({ RiskLevel: 'low', riskLevel: 'high' }).extra).toEqual({ RiskLevel: 'low' })
  })
})

describe('the tenant', () => {
  const WORKSPACE = '77777777-1234-4321-8888-999999999999'
  const TENANT = '3f2b7c51-9d40-4e0a-8a6b-51c2d7e90b14'
  const flat = { Category: 'RiskyServicePrincipals', Id: 'sp', RiskState: 'atRisk' }

  test.each([
    ['of a flat record is AADTenantId', { ...flat, TenantId: WORKSPACE, AADTenantId: TENANT }, TENANT],
    ['of a flat record is not TenantId', { ...flat, TenantId: WORKSPACE }, settings.tenantId],
    ['of a flat record is not TENANTID', { ...flat, TENANTID: WORKSPACE }, settings.tenantId],
    [
      'of a flat record may be in the resource id',
      { ...flat, TenantId: WORKSPACE, ResourceId: `/tenants/${TENANT}/x` },
      TENANT,
    ],
    ['of an object of Graph is tenantId', { ...flat, tenantId: TENANT }, TENANT],
    ['around properties is tenantId', { ...RECORD, tenantId: TENANT }, TENANT],
    ['around properties is TenantId', { ...RECORD, TenantId: TENANT }, TENANT],
    [
      'around properties is AADTenantId first',
      { ...RECORD, TenantId: WORKSPACE, AadTenantId: TENANT.toUpperCase() },
      TENANT,
    ],
  ])('%s', (_, record, tenant) => {
    expect(partsOf(record).tenantId).toBe(tenant)
    expect(partsOf(record).extra).toEqual({})
  })
})

describe('a record that is read again', () => {
  const RECORD_TEXT = JSON.stringify(RECORD)
  const SHARED = eventMemory(16)
  test.each([
    ['as JSON', `{"records":[${RECORD_TEXT}]}`],
    ['as JSON text', `{"records":[${JSON.stringify(RECORD_TEXT)}]}`],
    ['out of a body that was JSON text', JSON.stringify(`{"records":[${RECORD_TEXT}]}`)],
    ['out of a list that was JSON text', `{"records":${JSON.stringify(`[\n${RECORD_TEXT}\n]`)}}`],
    ['with control characters', `{"records":[${RECORD_TEXT.replace('atRisk', 'at\u0001Risk')}]}`],
    ['without any time', '{"category":"RiskyAgents","properties":{"id":"a"}}'],
    ['with a number of many digits', `{"records":[{"n":639120780694410001,${RECORD_TEXT.slice(1)}]}`],
    ['of an unknown category', '{"category":"RiskyThings"}'],
  ])('%s says the same', (_, body) => {
    const read = readMessage(messageOf(body), settings)
    if (read.status !== 'split' || read.records.length !== 1) throw new Error('not one record')
    const { content, reading } = read.records[0] as ReadRecord
    const bytes = content.form === 'json' ? content.bytes : Buffer.from(content.text)
    expect(asObject(rereadRecord(bytes, position.enqueuedAt, settings))).toEqual(reading && asObject(reading))
    rereadRecord(Buffer.from('{"riskLevel":"of another"}'), position.enqueuedAt, settings, SHARED)
    const reread = rereadRecord(bytes, position.enqueuedAt, settings, SHARED)
    expect(asObject(reread), 'in memory that another has used').toEqual(asObject(reading))
    expect(reading.status).toBe(body.includes('RiskyThings') ? 'fault' : 'event')
  })
})

describe('a fault', () => {
  const SECRET = 'hunter2-🔑'

  test.each([
    ['a category that is none', { category: { secret: SECRET } }],
    ['an id of another type', { ...RECORD, properties: { ...PROPERTIES, id: [SECRET] } }],
    ['properties that are none', { ...RECORD, properties: SECRET }],
    ['a category that is not known', { ...RECORD, category: `Risk of ${SECRET}` }],
    ['a row of a table', { Type: SECRET, TimeGenerated: SECRET, Computer: SECRET }],
    ['a record that is none', SECRET],
  ])('of %s says what to check, never the value', (_, record) => {
    const [reading] = readingsOf(JSON.stringify({ records: [record] }))
    if (reading?.status !== 'fault') throw new Error('no fault')
    expect(JSON.stringify(reading.fault)).not.toContain('hunter2')
    expect(reading.fault.scope).toBe('record')
    expect(reading.fault.message).toMatch(/Check what .+\.$/)
  })

  test('of a message that is not JSON does not quote it', () => {
    const read = readMessage(messageOf(`{"${SECRET}`), settings)
    if (read.status !== 'unsplit') throw new Error('split')
    expect(read.fault.code).toBe('bodyNotJson')
    expect(read.fault.message).not.toContain('hunter2')
    expect(read.body).toEqual({ form: 'text', text: `{"${SECRET}` })
  })

  test('tells the origin and the category as sent', () => {
    const record = { origin: 'operator', category: 'RISKYAGENTS', properties: {} }
    expect(readingsOf(JSON.stringify(record))).toMatchObject([
      {
        status: 'fault',
        origin: 'operator',
        category: 'RISKYAGENTS',
        fault: { code: 'fieldMissing', field: 'properties.id' },
      },
    ])
  })
})
