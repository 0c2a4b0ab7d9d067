import { describe, expect, it } from 'vitest'
import { digest } from '../../shared/encoding/digest.ts'
import { readMessage } from '../../shared/source/read-message.ts'
import { rereadRecord } from '../../shared/source/reread-record.ts'
import { MAX_DEPTH } from '../../shared/source/value-check.ts'
import { asObject } from '../support/event-forms.ts'
import { messageOf, position, settings } from './reading-under-test.ts'

const SERVICE_PRINCIPAL = '11111111-2222-4333-8444-555555555555'
const properties = {
  id: 'detection-1',
  riskEventType: 'leakedCredentials',
  riskState: 'atRisk',
  servicePrincipalId: SERVICE_PRINCIPAL,
  lastUpdatedDateTime: '2026-05-06T07:08:09Z',
}
const record = (more: object = {}, around: object = {}) => ({
  category: 'ServicePrincipalRiskEvents',
  ...around,
  properties: { ...properties, ...more },
})

function readingsOf(body: string | Uint8Array) {
  const read = readMessage(messageOf(body), settings)
  if (read.status !== 'split') throw new Error(`not split: ${read.fault.code}`)
  return read.records.map(({ reading }) => asObject(reading))
}
const envelope = (...records: readonly unknown[]): string => JSON.stringify({ records })
/** Lists within lists, and a record around them in which they make it so deep. */
const nestedTo = (depth: number) => {
  let value: unknown = 1
  for (let level = 2; level < depth; level++) value = [value]
  return record({ deep: value })
}

describe('a record that nests', () => {
  it.each([
    ['in an envelope', envelope],
    ['by itself, other members behind the deep one', (one: unknown) => JSON.stringify(one)],
  ])(`as deep as is read is an event, and one level deeper a fault, %s`, (_, bodyOf) => {
    const [deepest] = readingsOf(bodyOf({ ...nestedTo(MAX_DEPTH), operationName: 'x' }))
    expect(deepest?.status).toBe('event')
    const [tooDeep] = readingsOf(bodyOf({ ...nestedTo(MAX_DEPTH + 1), operationName: 'x' }))
    expect(tooDeep).toMatchObject({ status: 'fault', fault: { code: 'recordTooDeep' } })
  })

  it('deeper than any stack is a fault too', () => {
    const levels = 100_000
    const deep = `${'['.repeat(levels)}${']'.repeat(levels)}`
    const body = envelope(record({ deep: 0 })).replace('"deep":0', `"deep":${deep}`)
    expect(readingsOf(body)).toMatchObject([{ status: 'fault', fault: { code: 'recordTooDeep' } }])
  })
})

describe('an object that is no JSON for a comma too many', () => {
  it('is a fault as a whole', () => {
    const body = JSON.stringify(record()).replace(',', ',,')
    expect(readingsOf(body)).toMatchObject([{ status: 'fault', fault: { code: 'recordNotJson' } }])
  })
})

describe('a record that is read again without its end', () => {
  it('is a fault, whatever members it still has', () => {
    const cut = Buffer.from(JSON.stringify(record()).slice(0, -1))
    expect(rereadRecord(cut, position.enqueuedAt, settings)).toMatchObject({
      status: 'fault',
      fault: { code: 'recordNotJson' },
    })
  })
})

describe('key ids and pairs in forms of their own:', () => {
  it('key ids that are the text null are none', () => {
    const [reading] = readingsOf(envelope(record({ keyIds: 'null' })))
    expect(reading).toMatchObject({ status: 'event', event: { keyIds: [], extra: {} } })
    expect(reading?.status === 'event' && 'extra' in reading.event && reading.event.extra).toEqual({})
  })

  it.each([[{ Key: 1, Value: 'one' }], [{ Value: 'of nothing' }]])('%j is no pair, and kept whole', (odd) => {
    const [reading] = readingsOf(envelope(record({ additionalInfo: [odd] })))
    expect(reading).toMatchObject({ event: { additionalInfo: [{ key: 'unparsed', value: odd }] } })
  })
})

describe('a list in place of a record that nests', () => {
  it.each([
    [MAX_DEPTH, 'recordNotObject', 'json'],
    [MAX_DEPTH + 1, 'recordTooDeep', 'text'],
  ])('%i levels deep has the fault %s, and is kept as %s', (levels, code, form) => {
    const read = readMessage(messageOf(`{"records":[${'['.repeat(levels)}${']'.repeat(levels)}]}`), settings)
    expect(read).toMatchObject({ records: [{ content: { form }, reading: { fault: { code } } }] })
  })
})

describe('a record of many fields', () => {
  const fields = (prefix: string, count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, n) => [`${prefix}${n}`, n]))

  // Room is made for 64 fields of an object and 256 of a message, and doubled when that is full.
  it.each([64, 65, 129, 300])(
    'of %i that nobody knows keeps every one, and so does its neighbour',
    (count) => {
      const inner = fields('inner', count)
      const outer = fields('outer', count)
      const many = record({ ...inner, riskLevel: 'high' }, outer)
      const readings = readingsOf(envelope({ ...many, operationName: 'x' }, record({ one: 1 })))
      const about = { identity: { id: SERVICE_PRINCIPAL }, risk: { state: 'atRisk' } }
      expect(readings).toMatchObject([
        { status: 'event', event: { ...about, risk: { state: 'atRisk', level: 'high' } } },
        { status: 'event', event: { ...about, extra: { one: 1 } } },
      ])
      expect(
        readings.map(
          (reading) => reading.status === 'event' && 'extra' in reading.event && reading.event.extra,
        ),
      ).toEqual([{ ...outer, ...inner }, { one: 1 }])
    },
  )
})

describe('a category', () => {
  it('counts whatever space is around it', () => {
    const [reading] = readingsOf(envelope(record({}, { category: ' ServicePrincipalRiskEvents\t' })))
    expect(reading?.status).toBe('event')
  })
})

describe('what stands around the properties and is known', () => {
  it('is not kept once more among what is not', () => {
    const around = { AADTenantId: '11111111-2222-4333-8444-666666666666', time: 'x', Level: 4 }
    const [reading] = readingsOf(envelope(record({}, { ...around, another: 'kept' })))
    expect(reading).toMatchObject({ status: 'event', event: { extra: { another: 'kept' } } })
    const extra = reading?.status === 'event' && 'extra' in reading.event ? reading.event.extra : undefined
    expect(Object.keys(extra ?? {})).toEqual(['another'])
  })

  it('is what is used: the same name in other letters is kept', () => {
    const others = { Category: 'another', aadtenantid: 'another', Properties: { id: 'another' } }
    const tenant = { AADTenantId: '11111111-2222-4333-8444-666666666666' }
    const [reading] = readingsOf(envelope(record({}, { ...tenant, ...others })))
    expect(reading).toMatchObject({
      event: { category: 'ServicePrincipalRiskEvents', tenantId: tenant.AADTenantId, extra: others },
    })
  })

  it('has no say where the properties have an address', () => {
    const around = { callerIpAddress: '192.0.2.2' }
    expect(
      readingsOf(envelope(record({ ipAddress: '192.0.2.1' }, around), record({}, around))),
    ).toMatchObject([{ event: { ipAddress: '192.0.2.1' } }, { event: { ipAddress: '192.0.2.2' } }])
  })
})

describe('what an operator did', () => {
  it('has the time at which it was done, not that of the record', () => {
    const response = {
      category: 'RiskExport.ResponseAction',
      time: '2026-05-06T10:10:01Z',
      properties: {
        identityId: SERVICE_PRINCIPAL,
        identityType: 'servicePrincipal',
        actedDateTime: '2026-05-06T10:10:00.500Z',
      },
    }
    const lastUpdatedAt = Date.parse('2026-05-06T10:10:00.500Z')
    expect(readingsOf(envelope(response))).toMatchObject([{ event: { lastUpdatedAt } }])
  })
})

describe('what is archived', () => {
  const contentsOf = (body: string) => {
    const read = readMessage(messageOf(body), settings)
    return read.status === 'split' ? read.records.map(({ content }) => content) : []
  }
  const one = JSON.stringify(record())

  it.each([['\n'], ['\r']])(
    'of a record with a line break, %j, is a text, and of its neighbour JSON',
    (lineBreak) => {
      const broken = one.replace(',', `,${lineBreak}`)
      expect(contentsOf(`[${broken},${lineBreak}${one}]`)).toEqual([
        { form: 'text', text: broken },
        { form: 'json', bytes: Buffer.from(one) },
      ])
    },
  )

  it('of a message without records has its size and its digest', () => {
    const read = readMessage(messageOf('no records'), settings)
    expect(read).toMatchObject({ status: 'unsplit', bodyBytes: 10 })
    expect(read.bodyDigest()).toBe(digest('no records'))
  })
})

describe('a record without a category', () => {
  const messageAbout = (around: object): string => {
    const [reading] = readingsOf(envelope({ ...around, properties }))
    return reading?.status === 'fault' ? reading.fault.message : ''
  }
  it('is told from an export of a workspace, which has both the table and the time of its rows', () => {
    const row = { Type: 'AADServicePrincipalRiskEvents', TimeGenerated: '2026-05-06T07:08:09Z' }
    expect(messageAbout(row)).toContain('Log Analytics data export')
    expect(messageAbout({ Type: row.Type })).not.toContain('export')
    expect(messageAbout({ TimeGenerated: row.TimeGenerated })).not.toContain('export')
  })

  it.each(['7', '1e999', '9007199254740993', '"1e999"'])(
    'is one whose category is %s, no name',
    (category) => {
      const body = envelope({ category: '-', properties }).replace('"-"', category)
      expect(readingsOf(body)).toMatchObject([{ status: 'fault', fault: { code: 'categoryMissing' } }])
    },
  )
})

describe('bytes between objects', () => {
  const [first, second] = [JSON.stringify(record()), JSON.stringify(record({ id: 'detection-2' }))]
  const joined = (...between: readonly number[]) =>
    readingsOf(Buffer.concat([Buffer.from(first), Buffer.from(between), Buffer.from(second)]))

  it('that are a byte order mark say nothing', () => {
    expect(joined(0xef, 0xbb, 0xbf).map(({ status }) => status)).toEqual(['event', 'event'])
  })

  it.each([[[0xef, 0xbb, 0x20]], [[0xef, 0x20, 0xbf]], [[0x7f, 0xbb, 0xbf]]])(
    'that are only alike, %j, are a fault between two events',
    (between) => {
      expect(joined(...between).map(({ status }) => status)).toContain('fault')
    },
  )
})
