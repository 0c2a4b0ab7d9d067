import { type Instant, instant } from '../domain/identifiers.ts'

/** A local time in the proleptic Gregorian calendar, with its offset from UTC. */
export interface DateTimeParts {
  readonly year: number
  /** 1 to 12 */
  readonly month: number
  readonly day: number
  /** 0 to 24; 24:00 is the end of the day. */
  readonly hour: number
  readonly minute: number
  /** 0 to 60; 60 is a leap second. */
  readonly second: number
  readonly millisecond: number
  /** Positive east of UTC. */
  readonly offsetMinutes: number
}

const MS_PER_MINUTE = 60_000
const MS_PER_DAY = 86_400_000
const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
/** 0001-01-01 and 9999-12-31T23:59:59.999Z: what ISO 8601 writes with four digits. */
const EARLIEST = -62_135_596_800_000
const LATEST = 253_402_300_799_999

const isLeapYear = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0

const daysInMonth = (year: number, month: number): number =>
  month === 2 && isLeapYear(year) ? 29 : (DAYS_IN_MONTH[month - 1] ?? 0)

/** Days since 1970-01-01; years are counted from March, so that a leap day is the last day. */
function daysSinceEpoch(year: number, month: number, day: number): number {
  const marchYear = month > 2 ? year : year - 1
  const daysBefore =
    365 * marchYear + Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400)
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1
  return daysBefore + dayOfYear - 719_468
}

/** The instant of a local time, or `undefined` if there is no such date or time. */
export function utcInstant(m: DateTimeParts): Instant | undefined {
  if (m.day < 1 || m.day > daysInMonth(m.year, m.month)) return undefined
  if (m.hour > 24 || m.minute > 59 || m.second > 60) return undefined
  if (m.hour === 24 && m.minute + m.second + m.millisecond > 0) return undefined
  const at =
    daysSinceEpoch(m.year, m.month, m.day) * MS_PER_DAY +
    (m.hour * 60 + m.minute - m.offsetMinutes) * MS_PER_MINUTE +
    m.second * 1000 +
    m.millisecond
  // As in POSIX, a leap second maps to the first second of the next UTC day; it can only be there.
  if (m.second === 60 && (at - m.millisecond) % MS_PER_DAY !== 0) return undefined
  return at < EARLIEST || at > LATEST ? undefined : instant(at)
}
