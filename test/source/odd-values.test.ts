import { describe, expect, it } from 'vitest'
import { parseEvent } from '../../shared/domain/flat-event.ts'
import type { RiskDetection } from '../../shared/domain/risk-event.ts'
import { readMessage } from '../../shared/source/read-message.ts'
import { rereadRecord } from '../../shared/source/reread-record.ts'
import { EARLIEST } from '../../shared/source/scalars.ts'
import { messageOf, position, settings } from './reading-under-test.ts'

const record = (more: object = {}, around: object = {}) => ({
  category: 'ServicePrincipalRiskEvents',
  ...around,
  properties: {
    id: 'detection-1',
    servicePrincipalId: 'sp',
    lastUpdatedDateTime: '2026-05-06T07:08:09Z',
    ...more,
  },
})

function eventIn(body: string): RiskDetection {
  const read = readMessage(messageOf(body), settings)
  const reading = read.status === 'split' ? read.records[0]?.reading : undefined
  if (reading?.status !== 'event') throw new Error('no event')
  return parseEvent(reading.event) as RiskDetection
}
const eventOf = (more: object, around: object = {}) => eventIn(JSON.stringify(record(more, around)))

describe('a text', () => {
  it.each([' night', '\tnight', '"night"', '\u00a0'])('that is %j is kept as it is', (name) => {
    const { identity, extra } = eventOf({ servicePrincipalDisplayName: name })
    expect([identity.displayName, extra]).toEqual([name, {}])
  })

  it('that is a character with an escape is that character, also one that looks blank', () => {
    const body = JSON.stringify(record({ servicePrincipalDisplayName: '-' })).replace('"-"', '"\\u00a0"')
    expect(eventIn(body).identity.displayName).toBe('\u00a0')
  })

  it.each(['\n', ' \n', '<null>', ''])('that is %j says nothing', (name) => {
    const { identity, extra } = eventOf({ servicePrincipalDisplayName: name })
    expect([identity.displayName, extra]).toEqual([undefined, {}])
  })

  it('may be a number that is exact, and no other', () => {
    const largest = eventOf({ servicePrincipalDisplayName: Number.MAX_SAFE_INTEGER })
    expect([largest.identity.displayName, largest.extra]).toEqual(['9007199254740991', {}])
    const larger = eventOf({ servicePrincipalDisplayName: 2 ** 53 })
    expect(larger.identity.displayName).toBeUndefined()
    expect(larger.extra).toEqual({ servicePrincipalDisplayName: 2 ** 53 })
  })
})

describe('a time', () => {
  it('may be the earliest that is no placeholder, and not a second less', () => {
    expect(eventOf({ detectedDateTime: '1/1/2000 12:00:00 AM' }).detectedAt).toBe(EARLIEST)
    const early = eventOf({ detectedDateTime: '12/31/1999 11:59:59 PM' })
    expect([early.detectedAt, early.extra]).toEqual([
      undefined,
      { detectedDateTime: '12/31/1999 11:59:59 PM' },
    ])
  })
})

describe('what is kept in extra', () => {
  it.each([
    [{ unknown: '' }, { unknown: '' }],
    [{ '': 'text' }, { '': 'text' }],
    [{ '': 12 }, { '': 12 }],
    [{ '': '' }, {}],
  ])('of %j is %j', (more, extra) => {
    expect(eventOf(more).extra).toEqual(extra)
  })

  it('stands in the order of the record, whether unknown or not understood', () => {
    const odd = { isDeleted: 'odd', unknown: 1, isProcessing: 'odd', another: 2 }
    expect(Object.entries(eventOf(odd).extra)).toEqual(Object.entries(odd))
    const alike = { Unknown: 1, another: 2, unknown: 3 }
    expect(Object.entries(eventOf(alike).extra)).toEqual(Object.entries(alike))
    const around = { tenantId: { odd: 1 }, unknown: 2 }
    expect(Object.entries(eventOf({}, around).extra)).toEqual(Object.entries(around))
  })

  it('has the names of its own record, however alike those of the record before are', () => {
    for (const more of [
      { aa: 1, bb: 2, cc: 3 },
      { aa: 1, bb: 2 },
      { aa: 1, dd: 2 },
      { ab: 1, da: 2 },
    ])
      expect(eventOf(more).extra).toEqual(more)
  })

  it.each([{ '': 'text' }, { '': 12 }, { '': [] }, { recordsets: [record()] }])(
    'of a record by itself is %j too',
    (around) => {
      expect(eventIn(JSON.stringify({ ...around, ...record() })).extra).toEqual(around)
    },
  )

  it('of a name that occurs twice has the last value, and none where it is read and blank', () => {
    const body = JSON.stringify(record({ riskLevel: 'low', riskDetail: '', one: 1, two: 2 }))
    const event = eventIn(body.replace('}}', ',"one":3,"riskLevel":"","riskDetail":"none"}}'))
    expect([event.risk, event.extra]).toEqual([{ detail: 'none' }, { one: 3, two: 2 }])
  })

  it('has an origin that is none', () => {
    const event = eventOf({}, { origin: 'nobody' })
    expect([event.origin, event.extra]).toEqual(['stream', { origin: 'nobody' }])
  })
})

describe('of two names that differ in case alone', () => {
  it('the one that says something is read, also where the other has these very letters', () => {
    expect(eventOf({ riskLevel: null, RiskLevel: 'low' }).risk.level).toBe('low')
  })
})

describe('techniques', () => {
  const pairs = (...values: readonly unknown[]) => ({
    additionalInfo: values.map((Value) => ({ Key: 'mitreTechniques', Value })),
  })

  it.each([
    ['blank ones among them', ['T1, ,T2,'], ['T1', 'T2']],
    ['values that are no texts', [null, 5, ['T1', 7, null], {}], ['T1']],
    ['the same twice', ['T1,T2', 'T1'], ['T1', 'T2']],
  ])('with %s are those that say something', (_, values, techniques) => {
    expect(eventOf(pairs(...values)).attack).toEqual({ techniques, origin: 'wire' })
  })

  it('are 64 at most, wherever they stand', () => {
    const some = (from: number) => Array.from({ length: 40 }, (_, n) => `T${from + n}`).join(',')
    const techniques = eventOf(pairs(some(0), some(40))).attack?.techniques
    expect([techniques?.length, techniques?.at(-1)]).toEqual([64, 'T63'])
  })
})

describe('JSON as text', () => {
  const infoOf = (additionalInfo: string) => eventOf({ additionalInfo }).additionalInfo

  it.each([
    '\0\ufeff [{"Key":"a","Value":1}]',
    '[{"Key":"a","Value":1}]\n\0\0',
    ' \0[{"Key":"a","Value":1}] \0',
  ])('is read without what pads it: %j', (text) => {
    expect(infoOf(text)).toEqual([{ key: 'a', value: 1 }])
  })

  it.each(['639120780694410001', '-639120780694410001', '1e400', '12.5e400', ' 639120780694410001'])(
    'keeps the digits of the number %j',
    (number) => {
      expect(infoOf(`{"n":${number},"list":[${number}]}`)).toEqual([
        { key: 'n', value: number.trim() },
        { key: 'list', value: [number.trim()] },
      ])
    },
  )

  it.each(['null', ' null '])('that is %j is nothing', (text) => {
    expect(infoOf(text)).toEqual([])
  })

  it.each(['not null', 'null and more'])('that only has a null in it, %j, is a text', (text) => {
    expect(infoOf(text)).toEqual([{ key: 'unparsed', value: text }])
  })

  it.each([
    ['over several lines', JSON.stringify(record(), undefined, 2)],
    ['with space after its brace', JSON.stringify(record()).replace('{', '{ ')],
  ])('that is a whole record, %s, is that record', (_, text) => {
    expect(eventIn(JSON.stringify(text)).identity.id).toBe('sp')
  })

  it.each([
    ['quotes', '"', '\\u0022'],
    ['letters beyond ASCII', 'Ģ', '\\u0122'],
  ])('may have %s as codes', (_, character, code) => {
    const text = JSON.stringify(record({ servicePrincipalDisplayName: 'Ģ' }))
    const within = JSON.stringify(text).slice(1, -1)
    const coded = within.replaceAll(character === '"' ? '\\"' : character, code)
    expect(eventIn(`"${coded}"`).identity.displayName).toBe('Ģ')
  })

  it('whose escapes are none is a fault', () => {
    const reading = rereadRecord(Buffer.from('{\\"category\\":\\q}'), position.enqueuedAt, settings)
    expect(reading).toMatchObject({ status: 'fault', fault: { code: 'recordNotJson' } })
  })
})
