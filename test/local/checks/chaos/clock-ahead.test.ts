import { describe, expect, it } from 'vitest'
import { clockAhead, readClockAhead } from '../../../../local/checks/chaos/clock-ahead.ts'

describe('CLOCK_AHEAD', () => {
  it('says by how much a clock is wrong, and for how long', () => {
    expect(readClockAhead('31536000000:4000')).toEqual({ aheadMs: 31_536_000_000, forMs: 4000 })
    expect(readClockAhead('-86400000:1')).toEqual({ aheadMs: -86_400_000, forMs: 1 })
  })

  it.each(['', '5', 'a:b', '1:2:3', '1.5:2'])('refuses %j', (setting) => {
    expect(() => readClockAhead(setting)).toThrow('CLOCK_AHEAD: expected')
  })

  it('makes a clock that is wrong at first, and right from then on', () => {
    let elapsedMs = 7
    const now = clockAhead(
      { aheadMs: 1000, forMs: 50 },
      () => 20_000,
      () => elapsedMs,
    )
    expect(now()).toBe(21_000)
    elapsedMs += 49
    expect(now()).toBe(21_000)
    elapsedMs += 1
    expect(now()).toBe(20_000)
  })
})
