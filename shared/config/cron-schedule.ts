/** The instants at which a timer fires: sets of allowed values, in UTC. */
export interface CronSchedule {
  readonly seconds: ReadonlySet<number>
  readonly minutes: ReadonlySet<number>
  readonly hours: ReadonlySet<number>
  readonly days: ReadonlySet<number>
  /** 1 to 12. */
  readonly months: ReadonlySet<number>
  /** 0 (Sunday) to 6. */
  readonly weekdays: ReadonlySet<number>
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
/** Days of each month in a leap year. */
const LONGEST = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/**
 * Parses an NCRONTAB expression: `{second} {minute} {hour} {day} {month} {day of week}`, or five
 * fields without the second, which triggers may have and settings may not. Each field is `*`, a
 * value, a range `a-b`, any of these with a step `/n` (`a/n` runs to the end), or a comma-separated
 * list; months and weekdays may be three-letter names. Day and day of week must both match.
 * `undefined` for anything else. Source:
 * https://github.com/atifaziz/NCrontab
 */
export function readCron(expression: string): CronSchedule | undefined {
  const fields = expression.trim().split(/\s+/)
  const six = fields.length === 5 ? ['0', ...fields] : fields
  if (six.length !== 6) return undefined
  const [second = '', minute = '', hour = '', day = '', month = '', weekday = ''] = six
  const seconds = fieldValues(second, 0, 59)
  const minutes = fieldValues(minute, 0, 59)
  const hours = fieldValues(hour, 0, 23)
  const days = fieldValues(day, 1, 31)
  const months = fieldValues(month, 1, 12, MONTHS)
  const weekdays = fieldValues(weekday, 0, 6, WEEKDAYS)
  return seconds && minutes && hours && days && months && weekdays
    ? { seconds, minutes, hours, days, months, weekdays }
    : undefined
}

/**
 * Whether a schedule ever fires (30 February does not). Every date falls on every weekday at some
 * time.
 */
export const hasOccurrence = ({ days, months }: CronSchedule): boolean =>
  [...months].some((month) => Math.min(...days) <= (LONGEST[month - 1] ?? 0))

function fieldValues(
  field: string,
  least: number,
  most: number,
  names: readonly string[] = [],
): ReadonlySet<number> | undefined {
  const values = new Set<number>()
  for (const part of field.toLowerCase().split(',')) {
    const match = /^(?:(\*)|([a-z0-9]+)(?:-([a-z0-9]+))?)(?:\/(\d+))?$/.exec(part)
    if (match === null) return undefined
    const [, star, from = '', to, stepText] = match
    const step = stepText === undefined ? 1 : Number(stepText)
    const first = star ? least : value(from, least, names)
    const last = star || (to === undefined && stepText !== undefined) ? most : value(to ?? from, least, names)
    if (!(first >= least && last <= most && first <= last && step >= 1)) return undefined
    for (let allowed = first; allowed <= last; allowed += step) values.add(allowed)
  }
  return values
}

/** A number or a name; NaN for anything else. */
function value(text: string, least: number, names: readonly string[]): number {
  const named = names.indexOf(text)
  if (named >= 0) return named + least
  return /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN
}

/** Whether a schedule fires on a day (UTC). */
export const firesOnDay = ({ days, months, weekdays }: CronSchedule, day: Date): boolean =>
  months.has(day.getUTCMonth() + 1) && days.has(day.getUTCDate()) && weekdays.has(day.getUTCDay())

const MINUTE_MS = 60_000
/** A year: a schedule of 29 February may not be found. */
const MAX_MINUTES_BACK = 366 * 24 * 60

/**
 * When a timer was last due before `nowMs`, not counting the `skipped` latest; `undefined` if over
 * a year ago.
 */
export function dueBefore(schedule: CronSchedule, nowMs: number, skipped = 0): number | undefined {
  const seconds = [...schedule.seconds].sort((a, b) => b - a)
  let left = skipped
  const thisMinute = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS
  for (let back = 0; back < MAX_MINUTES_BACK; back++) {
    const minuteMs = thisMinute - back * MINUTE_MS
    const at = new Date(minuteMs)
    const isOn =
      schedule.minutes.has(at.getUTCMinutes()) &&
      schedule.hours.has(at.getUTCHours()) &&
      firesOnDay(schedule, at)
    if (!isOn) continue
    for (const second of seconds) {
      const dueMs = minuteMs + second * 1000
      if (dueMs <= nowMs && left-- === 0) return dueMs
    }
  }
  return undefined
}
