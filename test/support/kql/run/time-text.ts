import { NotCovered } from './not-covered.ts'

const UNITS: Readonly<Record<string, number>> = {
  d: 86_400_000,
  day: 86_400_000,
  days: 86_400_000,
  h: 3_600_000,
  hour: 3_600_000,
  hours: 3_600_000,
  m: 60_000,
  min: 60_000,
  minute: 60_000,
  minutes: 60_000,
  s: 1000,
  sec: 1000,
  second: 1000,
  seconds: 1000,
  ms: 1,
}

/** `1.5h` in ms; `undefined` where the text is no time span of one number and one unit. */
export const msOfSpan = (text: string): number | undefined => {
  const [, sign = '', count = '', unit = ''] = /^(-?)(\d+(?:\.\d+)?)([a-z]+)$/.exec(text.trim()) ?? []
  const ms = UNITS[unit]
  return ms === undefined ? undefined : (sign === '-' ? -1 : 1) * Number(count) * ms
}

const ISO = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:\d\d)?)?$/

/** A time as ISO 8601 writes it, in ms; UTC where no zone stands; `undefined` for any other text. */
export const msOfTime = (text: string): number | undefined => {
  const [, date, time = '00:00', zone = 'Z'] = ISO.exec(text.trim()) ?? []
  const ms = Date.parse(`${date}T${time}${zone}`)
  return Number.isNaN(ms) ? undefined : ms
}

/** As Kusto writes a time: with seven digits after the second. */
export const timeText = (ms: number): string => {
  if (!Number.isFinite(ms)) throw new NotCovered('a time out of range')
  const whole = new Date(Math.floor(ms)).toISOString().slice(0, -1)
  return `${whole}${String(Math.round((ms - Math.floor(ms)) * 10_000)).padStart(4, '0')}Z`
}

const two = (n: number): string => String(n).padStart(2, '0')

/** As Kusto writes a time span: `[-][d.]hh:mm:ss[.fffffff]`. */
export const spanText = (ms: number): string => {
  const ticks = Math.round(Math.abs(ms) * 10_000)
  const seconds = Math.floor(ticks / 10_000_000)
  const days = Math.floor(seconds / 86_400)
  const fraction = ticks % 10_000_000
  return [
    ms < 0 ? '-' : '',
    days > 0 ? `${days}.` : '',
    `${two(Math.floor(seconds / 3600) % 24)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`,
    fraction > 0 ? `.${String(fraction).padStart(7, '0')}` : '',
  ].join('')
}
