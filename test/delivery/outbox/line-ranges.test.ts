import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expandLines, formatLines, parseLines } from '../../../shared/delivery/outbox/line-ranges.ts'

describe('line ranges', () => {
  it('write runs short', () => {
    expect(formatLines([0, 1, 2, 5, 7, 8])).toBe('0-2,5,7-8')
  })

  it('give back the lines they were made of', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(5000), { minLength: 1 }), (lines) => {
        const sorted = [...lines].sort((a, b) => a - b)
        expect(expandLines(formatLines(sorted))).toEqual(sorted)
      }),
    )
  })

  it.each([
    '',
    '0-',
    '-1',
    '1,',
    'x',
    '3-1',
    '5,3',
    '1,1',
    '1-3,3',
    '0-100000',
    '0-99999,100000',
    '10000000',
  ])('refuse a text that is none of theirs: %j', (text) => {
    expect(parseLines(text)).toBeUndefined()
    expect(() => expandLines(text)).toThrow('cannot be read')
  })

  it('name up to 100,000 lines', () => {
    expect(parseLines('0-99999')).toHaveLength(100_000)
    expect(parseLines('7-7')).toEqual([7])
    expect(parseLines('9999998-9999999')).toEqual([9_999_998, 9_999_999])
  })
})
