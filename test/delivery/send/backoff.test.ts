import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { backoffMs } from '../../../shared/delivery/send/backoff.ts'

const policy = { baseMs: 100, maxMs: 60_000 }

describe('backoff', () => {
  it('grows exponentially and is fully jittered', () => {
    expect([1, 2, 3, 4].map((attempt) => backoffMs(policy, attempt, 0.5))).toEqual([50, 100, 200, 400])
    expect(backoffMs(policy, 3, 0)).toBe(0)
  })

  it('waits at least as long as the sink asked for', () => {
    expect(backoffMs(policy, 1, 0.5, 7000)).toBe(7000)
  })

  it('never exceeds its bound, whatever the sink asks for and however many attempts there were', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000 }),
        fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
        fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
        (attempt, random, retryAfterMs) => {
          const ms = backoffMs(policy, attempt, random, retryAfterMs)
          expect(ms).toBeGreaterThanOrEqual(0)
          expect(ms).toBeLessThanOrEqual(policy.maxMs)
        },
      ),
    )
  })
})
