import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { instant } from '../../shared/domain/identifiers.ts'
import { isoInstant } from '../../shared/domain/iso-instant.ts'

describe('an instant as text', () => {
  it('is what Date says, for every instant of the years 1000 to 9999, in any order', () => {
    const from = Date.UTC(1000, 0, 1)
    const to = Date.UTC(9999, 11, 31, 23, 59, 59, 999)
    fc.assert(
      fc.property(fc.array(fc.integer({ min: from, max: to })), (all) => {
        for (const ms of all) expect(isoInstant(instant(ms))).toBe(new Date(ms).toISOString())
      }),
    )
  })

  it('is right around midnight', () => {
    const midnight = Date.UTC(2026, 1, 28)
    const texts = [-1, 0, 1, 86_399_999, 86_400_000].map((ms) => isoInstant(instant(midnight + ms)))
    expect(texts).toEqual([
      '2026-02-27T23:59:59.999Z',
      '2026-02-28T00:00:00.000Z',
      '2026-02-28T00:00:00.001Z',
      '2026-02-28T23:59:59.999Z',
      '2026-03-01T00:00:00.000Z',
    ])
  })
})
