import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseRanges, rangesJson } from '../../../shared/delivery/dedup/parse-settled-entity.ts'
import { instant } from '../../../shared/domain/identifiers.ts'

const RANGE = { fromSequenceNumber: 5, toSequenceNumber: 5, fromEnqueuedAt: 0, toEnqueuedAt: 0 }

describe('settled ranges in a row', () => {
  it('are read as they were written', () => {
    const number = fc.nat(Number.MAX_SAFE_INTEGER)
    const range = fc.tuple(number, number, number, number).map(([a, b, c, d]) => ({
      fromSequenceNumber: Math.min(a, b),
      toSequenceNumber: Math.max(a, b),
      fromEnqueuedAt: instant(Math.min(c, d)),
      toEnqueuedAt: instant(Math.max(c, d)),
    }))
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.array(range, { maxLength: 3 })), (written) => {
        const bySink = new Map(Object.entries(written))
        expect(parseRanges(rangesJson(bySink))).toEqual(bySink)
      }),
    )
  })

  it.each(['', '7', 'null', '[]', '{}', '{"v":"1"}', '{"v":-1}', '{"v":1}', '{"v":1,"sinks":[]}'])(
    'were not written by this program: %s',
    (text) => {
      expect(parseRanges(text)).toBeUndefined()
    },
  )

  it('are none where a newer program wrote them', () => {
    expect(parseRanges('{"v":2,"sinks":7}')).toEqual(new Map())
  })

  it.each([
    null,
    7,
    [RANGE],
    ...Object.keys(RANGE).flatMap((name) => [undefined, '5', 5.5, -1].map((n) => ({ ...RANGE, [name]: n }))),
    { ...RANGE, fromSequenceNumber: 6 },
    { ...RANGE, fromEnqueuedAt: 1 },
  ])('are the others where one covers nothing: %j', (nothing) => {
    const sinks = { webhook: [nothing, RANGE], 'log-analytics': 'all' }
    expect(parseRanges(JSON.stringify({ v: 1, sinks }))).toEqual(new Map([['webhook', [RANGE]]]))
  })
})
