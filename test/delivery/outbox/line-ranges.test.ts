import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expandLines, formatLines } from '../../../shared/delivery/outbox/line-ranges.ts'

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

  it('refuse a text that is none of theirs', () => {
    expect(() => expandLines('0-')).toThrow('cannot be read')
  })
})
