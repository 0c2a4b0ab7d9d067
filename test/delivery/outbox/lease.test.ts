import { describe, expect, it } from 'vitest'
import {
  isAhead,
  isHeldOrDelayed,
  type LeaseState,
  MAX_DELAY_MS,
  MAX_HELD_MS,
  notTriedBefore,
} from '../../../shared/delivery/outbox/lease.ts'

const NOW = Date.UTC(2026, 2, 1)
const lease = (change: Partial<LeaseState> = {}): LeaseState => ({
  token: 'token',
  heldUntilMs: 0,
  dueAtMs: 0,
  writtenAtMs: NOW,
  ...change,
})

/** As far ahead as a right clock can write, and a millisecond further. */
const BOUNDS: readonly [string, LeaseState, LeaseState][] = [
  ['held', lease({ heldUntilMs: NOW + MAX_HELD_MS }), lease({ heldUntilMs: NOW + MAX_HELD_MS + 1 })],
  ['put off', lease({ dueAtMs: NOW + MAX_DELAY_MS }), lease({ dueAtMs: NOW + MAX_DELAY_MS + 1 })],
  ['written', lease({ writtenAtMs: NOW + 30_000 }), lease({ writtenAtMs: NOW + 30_001 })],
]

describe('a lease', () => {
  it.each(BOUNDS)(
    'is believed where it was %s as far ahead as a right clock would, and not beyond',
    (...[, within, beyond]) => {
      expect([isAhead(within, NOW), isAhead(beyond, NOW)]).toEqual([false, true])
    },
  )

  it('keeps others away while a drain holds the lease, or until it is due, and not a moment longer', () => {
    expect(isHeldOrDelayed(undefined, NOW)).toBe(false)
    expect(isHeldOrDelayed(lease(), NOW)).toBe(false)
    for (const name of ['heldUntilMs', 'dueAtMs'])
      expect([0, 1].map((ms) => isHeldOrDelayed(lease({ [name]: NOW + ms }), NOW))).toEqual([false, true])
  })

  it('keeps nobody away where it is not believed', () => {
    const held = lease({ heldUntilMs: NOW + 1, writtenAtMs: NOW + 30_001 })
    const putOff = lease({ heldUntilMs: NOW + 1, dueAtMs: NOW + MAX_DELAY_MS + 1 })
    expect([isHeldOrDelayed(held, NOW), isHeldOrDelayed(putOff, NOW)]).toEqual([false, false])
  })

  it('says before when nobody tries, as far as it is believed', () => {
    expect(notTriedBefore(undefined, NOW)).toBe(0)
    expect(notTriedBefore(lease({ dueAtMs: NOW + 7 }), NOW)).toBe(NOW + 7)
    expect(notTriedBefore(lease({ dueAtMs: NOW + MAX_DELAY_MS + 1 }), NOW)).toBe(0)
  })
})
