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
const NO_NAMES: readonly string[] = []

/**
 * Reads an NCRONTAB expression: `{second} {minute} {hour} {day} {month} {day of week}`, or five fields without the
 * second. Each field is `*`, a value, a range `a-b`, any of these with a step `/n` (`a/n` runs to the end), or a list of
 * them with commas; months and weekdays may be names of three letters. Day and day of week must both fit.
 * Source: https://github.com/atifaziz/NCrontab
 */
export function parseCron(expression: string): CronSchedule {
  const fields = expression.trim().split(/\s+/)
  const six = fields.length === 5 ? ['0', ...fields] : fields
  const [second, minute, hour, day, month, weekday] = six
  if (six.length !== 6 || !second || !minute || !hour || !day || !month || !weekday) {
    throw new Error(
      `The schedule "${expression}" must have six fields: second minute hour day month day-of-week.`,
    )
  }
  const read = (field: string, least: number, most: number, names = NO_NAMES) => {
    const values = fieldValues(field, least, most, names)
    if (values !== undefined) return values
    throw new Error(`The schedule "${expression}" has the field "${field}"; allowed are ${least} to ${most}.`)
  }
  return {
    seconds: read(second, 0, 59),
    minutes: read(minute, 0, 59),
    hours: read(hour, 0, 23),
    days: read(day, 1, 31),
    months: read(month, 1, 12, MONTHS),
    weekdays: read(weekday, 0, 6, WEEKDAYS),
  }
}

function fieldValues(
  field: string,
  least: number,
  most: number,
  names: readonly string[],
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
