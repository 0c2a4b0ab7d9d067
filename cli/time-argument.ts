import { type Instant, instant } from '../shared/domain/identifiers.ts'
import { utcInstant } from '../shared/source/utc-instant.ts'
import { UsageError } from './usage-error.ts'

const AGO = /^(\d{1,5})(m|h|d)$/
const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(?:Z|([+-])(\d{2}):([0-5]\d))?)?$/
const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const

export const TIME_USAGE = `T is a time, UTC unless it has an offset (2026-03-01, 2026-03-01T09:30Z, 2026-03-01T09:30+02:00),
a duration before now (90m, 24h, 7d), or now.`

const isUnit = (text: string | undefined): text is keyof typeof UNIT_MS =>
  text !== undefined && text in UNIT_MS

/** The moment a text names; `undefined` if it does not exist, like 30 February. */
function isoMoment(text: string): Instant | undefined {
  const match = ISO.exec(text)
  if (match === null) return undefined
  const [
    ,
    year,
    month,
    day,
    hour = 0,
    minute = 0,
    second = 0,
    fraction = '',
    sign,
    zoneHours = 0,
    zoneMinutes = 0,
  ] = match
  if (Number(zoneHours) > 23) return undefined
  const offset = Number(zoneHours) * 60 + Number(zoneMinutes)
  return utcInstant({
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
    millisecond: Number(fraction.slice(0, 3).padEnd(3, '0')),
    offsetMinutes: sign === '-' ? -offset : offset,
  })
}

/** A time as operators type it; UTC unless it states a zone. */
export function timeArgument(text: string, name: string, now: Instant): Instant {
  if (text === 'now') return now
  const [, count, unit] = AGO.exec(text) ?? []
  if (isUnit(unit)) return instant(now - Number(count) * UNIT_MS[unit])
  const at = isoMoment(text)
  if (at === undefined)
    throw new UsageError(`--${name}: expected a valid time, such as 2026-03-01T09:30Z, 24h or now.`)
  return at
}

/**
 * The range that `--from` and `--to` name.
 * @param start name of the option that gives the start
 */
export function timeRange(
  given: { readonly from: string; readonly to: string },
  now: Instant,
  start = 'from',
): { readonly from: Instant; readonly to: Instant } {
  const from = timeArgument(given.from, start, now)
  // Include a record that arrives this very moment.
  const to = instant(timeArgument(given.to, 'to', now) + (given.to === 'now' ? 1 : 0))
  if (from >= to)
    throw new UsageError(start === 'from' ? '--from must be before --to.' : `--${start} must be in the past.`)
  return { from, to }
}

/** The range that `--from` and `--to` name; without `--from`, from the beginning of time. */
export const wholeRange = (
  { from, to }: { readonly from?: string; readonly to: string },
  now: Instant,
): { readonly from: Instant; readonly to: Instant } => timeRange({ from: from ?? '1970-01-01', to }, now)
