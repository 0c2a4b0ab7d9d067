import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nextOccurrence } from '../../local/stack/timer-schedule.ts'
import { dueBefore, readCron } from '../../shared/config/cron-schedule.ts'

const due = (expression: string, now: string, skipped?: number): string | undefined => {
  const schedule = readCron(expression)
  if (schedule === undefined) throw new Error(`"${expression}" is no schedule`)
  const ms = dueBefore(schedule, Date.parse(now), skipped)
  return ms === undefined ? undefined : new Date(ms).toISOString().replace('.000Z', 'Z')
}

describe('when a timer was due', () => {
  it.each([
    ['0 */5 * * * *', '2026-03-01T10:04:59Z', 0, '2026-03-01T10:00:00Z'],
    ['0 */5 * * * *', '2026-03-01T10:05:00Z', 0, '2026-03-01T10:05:00Z'],
    ['0 */5 * * * *', '2026-03-01T10:05:00Z', 2, '2026-03-01T09:55:00Z'],
    ['*/20 * * * * *', '2026-03-01T10:00:25Z', 2, '2026-03-01T09:59:40Z'],
    ['0 0 3 * * mon', '2026-03-01T10:00:00Z', 1, '2026-02-16T03:00:00Z'],
    ['0 0 0 29 2 *', '2026-03-01T10:00:00Z', 0, undefined],
  ])('by %s at %s, %i times left out, is %s', (expression, now, skipped, expected) => {
    expect(due(expression, now, skipped)).toBe(expected)
  })

  it('is the last time before now: the next one after it is later', () => {
    const schedule = fc.constantFrom('*/7 * * * * *', '30 */5 * * * *', '0 15 */3 * * *', '5,50 1 2 * * sat')
    const now = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 0, 1) })
    fc.assert(
      fc.property(schedule, now, fc.integer({ min: 0, max: 3 }), (expression, nowMs, skipped) => {
        const cron = readCron(expression)
        if (cron === undefined) throw new Error('no schedule')
        let ms = dueBefore(cron, nowMs, skipped)
        for (let i = 0; i <= skipped; i++) {
          expect(ms).toBeLessThanOrEqual(nowMs)
          ms = nextOccurrence(cron, ms ?? 0)
        }
        expect(ms).toBeGreaterThan(nowMs)
      }),
    )
  })
})
