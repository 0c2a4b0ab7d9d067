import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nextOccurrence } from '../../../local/stack/timer-schedule.ts'
import { type CronSchedule, hasOccurrence, readCron } from '../../../shared/config/cron-schedule.ts'

const at = (text: string) => Date.parse(text)
const cron = (expression: string): CronSchedule => {
  const schedule = readCron(expression)
  if (schedule === undefined) throw new Error(`"${expression}" is no schedule`)
  return schedule
}
const next = (expression: string, after: string) => {
  const found = nextOccurrence(cron(expression), at(after))
  return found === undefined ? undefined : new Date(found).toISOString().replace('.000Z', 'Z')
}

describe('a cron expression', () => {
  it.each([
    ['* * * * * *', '2026-11-21T00:00:00.500Z', '2026-11-21T00:00:01Z'],
    ['0 */5 * * * *', '2026-11-21T00:04:59Z', '2026-11-21T00:05:00Z'],
    ['0 */5 * * * *', '2026-11-21T00:05:00Z', '2026-11-21T00:10:00Z'],
    ['30 5/20 * * * *', '2026-11-21T00:05:30Z', '2026-11-21T00:25:30Z'],
    ['0 30 9-17/4 * * mon-fri', '2026-11-20T17:30:00Z', '2026-11-23T09:30:00Z'],
    ['0 0 0 1 JAN,JUL *', '2026-11-21T00:00:00Z', '2027-01-01T00:00:00Z'],
    ['0 0 12 13 * 5', '2026-11-21T00:00:00Z', '2027-08-13T12:00:00Z'],
    ['59 59 23 31 12 *', '2026-12-31T23:59:59Z', '2027-12-31T23:59:59Z'],
    ['0 0 0 29 2 0', '2026-01-01T00:00:00Z', '2032-02-29T00:00:00Z'],
    ['*/5 * * * *', '2026-11-21T00:00:01Z', '2026-11-21T00:05:00Z'],
  ])('"%s" fires after %s at %s', (expression, after, expected) => {
    expect(next(expression, after)).toBe(expected)
  })

  it('that no day fits never fires', () => {
    expect(next('0 0 0 30 2 *', '2026-01-01T00:00:00Z')).toBeUndefined()
    expect(hasOccurrence(cron('0 0 0 30 2 *'))).toBe(false)
  })

  it.each([
    '',
    '* * * *',
    '60 * * * * *',
    '* * 24 * * *',
    '* * * 0 * *',
    '* * * * 13 *',
    '* * * * * 7',
    '5-1 * * * * *',
    '*/0 * * * * *',
    '1,,2 * * * * *',
    'a * * * * *',
    '-1 * * * * *',
    '1.5 * * * * *',
  ])('"%s" is refused', (expression) => {
    expect(readCron(expression)).toBeUndefined()
  })

  const field = (least: number, most: number) =>
    fc.oneof(
      fc.constant('*'),
      fc.integer({ min: least, max: most }).map(String),
      fc.integer({ min: 1, max: most }).map((step) => `*/${step}`),
      fc
        .tuple(fc.integer({ min: least, max: most }), fc.integer({ min: least, max: most }))
        .map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
      fc
        .array(fc.integer({ min: least, max: most }), { minLength: 1, maxLength: 4 })
        .map((list) => list.join(',')),
    )
  const fits = (schedule: CronSchedule, atMs: number) => {
    const date = new Date(atMs)
    return (
      schedule.seconds.has(date.getUTCSeconds()) &&
      schedule.minutes.has(date.getUTCMinutes()) &&
      schedule.hours.has(date.getUTCHours()) &&
      schedule.days.has(date.getUTCDate()) &&
      schedule.months.has(date.getUTCMonth() + 1) &&
      schedule.weekdays.has(date.getUTCDay())
    )
  }

  it('fires next at the first second that fits, and at none in between', () => {
    const start = fc.integer({ min: at('2026-01-01T00:00:00Z'), max: at('2030-01-01T00:00:00Z') })
    fc.assert(
      fc.property(field(0, 59), field(0, 59), field(0, 23), start, (second, minute, hour, afterMs) => {
        const schedule = cron(`${second} ${minute} ${hour} * * *`)
        const found = nextOccurrence(schedule, afterMs) ?? Number.NaN
        expect(fits(schedule, found)).toBe(true)
        const first = Math.floor(afterMs / 1_000) * 1_000 + 1_000
        expect(found).toBeGreaterThanOrEqual(first)
        for (let tried = first; tried < found; tried += 1_000) {
          if (fits(schedule, tried)) throw new Error(`missed ${new Date(tried).toISOString()}`)
        }
      }),
      { numRuns: 40 },
    )
  })

  it('is known beforehand to fire at some time, or never', () => {
    fc.assert(
      fc.property(field(1, 31), field(1, 12), field(0, 6), (day, month, weekday) => {
        const schedule = cron(`0 0 0 ${day} ${month} ${weekday}`)
        const found = nextOccurrence(schedule, at('2026-01-01T00:00:00Z'))
        expect(hasOccurrence(schedule)).toBe(found !== undefined)
      }),
    )
  })

  it('fits the day, month and weekday of what it finds', () => {
    const start = fc.integer({ min: at('2026-01-01T00:00:00Z'), max: at('2030-01-01T00:00:00Z') })
    fc.assert(
      fc.property(field(1, 28), field(1, 12), field(0, 6), start, (day, month, weekday, afterMs) => {
        const schedule = cron(`0 0 0 ${day} ${month} ${weekday}`)
        const found = nextOccurrence(schedule, afterMs) ?? Number.NaN
        expect(fits(schedule, found)).toBe(true)
        const midnight = 86_400_000
        for (
          let tried = Math.floor(afterMs / midnight) * midnight + midnight;
          tried < found;
          tried += midnight
        ) {
          if (fits(schedule, tried)) throw new Error(`missed ${new Date(tried).toISOString()}`)
        }
      }),
    )
  })
})
