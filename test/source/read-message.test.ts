import { describe, expect, test } from 'vitest'
import { digest } from '../../shared/domain/digest.ts'
import type { RecordReading } from '../../shared/domain/read-message.ts'
import { readMessage } from '../../shared/source/read-message.ts'
import type { SourceSettings } from '../../shared/source/source-settings.ts'
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

describe('a message that is read', () => {
  test('keeps position, size and digest of the body, and ordinals, sizes and digests of its records', () => {
    const record = JSON.stringify(RECORD)
    const body = `{"records":[${record}, {"category":"SignInLogs"}]}`
    expect(readMessage(messageOf(body), settings)).toMatchObject({
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
      r.status === 'event' && r.event.kind === 'riskyIdentity' ? r.event.identity.id : '',
    )
    expect(ids).toEqual(records.map((_, i) => `sp-${i}`))
  })

  test('with names of object prototypes changes no prototype', () => {
    const body = `{"records":[{"category":"RiskyServicePrincipals","__proto__":{"polluted":1},"properties":{"id":"sp","constructor":{"prototype":{"polluted":1}},"__proto__":{"polluted":1},"riskLastUpdatedDateTime":"2026-05-06T9:41:07Z"}}]}`
    const [reading] = readingsOf(body)
    if (reading?.status !== 'event' || reading.event.kind === 'heartbeat') throw new Error('no event')
    expect(Reflect.get({}, 'polluted')).toBeUndefined()
    expect(Object.getPrototypeOf(reading.event.extra)).toBe(Object.prototype)
    expect(Reflect.get(reading.event.extra, 'polluted')).toBeUndefined()
    expect(Object.keys(reading.event.extra)).toEqual(['envelope.__proto__', 'constructor', '__proto__'])
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
      return reading?.status === 'event' ? reading.event.tenantId : undefined
    }
    const guid = 'ABCDEF01-2345-4678-9ABC-DEF012345678'
    expect(tenantOf(RECORD)).toBe(settings.tenantId)
    expect(tenantOf({ ...RECORD, resourceId: `/Tenants/${guid}/providers/x` })).toBe(guid.toLowerCase())
    expect(tenantOf({ ...RECORD, resourceId: '/tenants/x', tenantId: guid })).toBe(guid.toLowerCase())
  })
})

describe('a fault', () => {
  const SECRET = 'hunter2-🔑'

  test.each([
    ['a category that is none', { category: { secret: SECRET } }],
    ['an id of another type', { ...RECORD, properties: { ...PROPERTIES, id: [SECRET] } }],
    ['a state of another type', { ...RECORD, properties: { ...PROPERTIES, riskState: { a: SECRET } } }],
    ['a time that is none', { ...RECORD, properties: { ...PROPERTIES, riskLastUpdatedDateTime: SECRET } }],
    ['properties that are none', { ...RECORD, properties: SECRET }],
    ['a tenant of another type', { ...RECORD, tenantId: [SECRET] }],
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
