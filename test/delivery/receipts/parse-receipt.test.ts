import { describe, expect, it } from 'vitest'
import { parseReceipt } from '../../../shared/delivery/receipts/parse-receipt.ts'
import { EMPTY_SINK_TALLY } from '../../../shared/domain/tally.ts'

const AT = '2026-03-01T10:00:00.000Z'
const parsed = (change: object, ...sinks: readonly unknown[]) =>
  parseReceipt(JSON.stringify({ v: 1, blob: 'v1/a', at: AT, sinks, ...change }))
const UNTOLD = {
  ...EMPTY_SINK_TALLY,
  at: Date.parse(AT),
  blob: 'v1/a',
  sink: 'webhook',
  outcomes: {},
  attempts: 0,
  tookMs: 0,
  requests: [],
}

describe('a receipt that was stored', () => {
  it('says nothing but its sink where nothing else can be read', () => {
    expect(parsed({}, { sink: 'webhook' })).toStrictEqual([UNTOLD])
    const garbled = {
      sink: 'webhook',
      mode: 'sideways',
      outcomes: { delivered: '9-3', pending: 7, vanished: '1' },
      delivered: 1.5,
      pending: '2',
      attempts: -1,
      fault: 'gremlins',
      status: '503',
      requests: 'none',
    }
    expect(parsed({}, garbled)).toStrictEqual([UNTOLD])
    expect(parsed({}, { ...garbled, outcomes: null })).toStrictEqual([UNTOLD])
  })

  it('counts each outcome', () => {
    const counts = { delivered: 1, pending: 2, deadLettered: 3, duplicate: 4, filtered: 5 }
    expect(parsed({}, { sink: 'webhook', ...counts, attempts: 6, tookMs: 7 })).toStrictEqual([
      { ...UNTOLD, ...counts, attempts: 6, tookMs: 7 },
    ])
  })

  it('names requests of which nothing is known', () => {
    const unknown = { id: '', lines: '' }
    const requests = [
      null,
      7,
      { id: 7, lines: 'x', fault: 'gremlins', status: 'x' },
      { id: 'a', lines: '1-2' },
    ]
    expect(parsed({}, { sink: 'webhook', requests })).toStrictEqual([
      { ...UNTOLD, requests: [unknown, unknown, unknown, { id: 'a', lines: '1-2' }] },
    ])
  })

  it('is about the blob that an entry names, else about that of the whole', () => {
    const found = parsed({}, { sink: 'webhook', blob: 'v1/b' }, { sink: 'webhook' })
    expect(found.map(({ blob }) => blob)).toEqual(['v1/b', 'v1/a'])
  })

  it.each([
    ['no sink', {}, {}],
    ['no blob', { blob: undefined }, { sink: 'webhook' }],
    ['lines that cannot be read', {}, { sink: 'webhook', lines: 7 }],
    ['nothing', {}, null],
    ['no time', { at: undefined }, { sink: 'webhook' }],
    ['a time that is no text', { at: 2026 }, { sink: 'webhook' }],
    ['no version', { v: undefined }, { sink: 'webhook' }],
  ])('has no entry that says %s', (_, change, entry) => {
    expect(parsed(change, entry)).toEqual([])
  })

  it('is none that is no object, or has no list of sinks', () => {
    for (const json of ['', 'null', '7', '[]', '{"v":1']) expect(parseReceipt(json)).toEqual([])
    expect(parsed({ sinks: { sink: 'webhook' } })).toEqual([])
  })
})
