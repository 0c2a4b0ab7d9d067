import { type Instant, instant } from '../shared/domain/identifiers.ts'
import { UsageError } from './usage-error.ts'

const AGO = /^(\d{1,6})(m|h|d)$/
const ISO = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})?)?$/
const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const

export const TIME_USAGE = `T is a time, UTC unless it says otherwise: 2026-03-01, 2026-03-01T09:30Z, 2026-03-01T09:30+02:00;
a span before now: 90m, 24h, 7d; or: now.`

const isUnit = (text: string | undefined): text is keyof typeof UNIT_MS =>
  text !== undefined && text in UNIT_MS

/** A point of time as operators type it. What says no zone is UTC. */
export function timeArgument(text: string, name: string, now: Instant): Instant {
  if (text === 'now') return now
  const [, count, unit] = AGO.exec(text) ?? []
  if (isUnit(unit)) return instant(now - Number(count) * UNIT_MS[unit])
  const hasZone = /(?:Z|[+-]\d{2}:\d{2})$/.test(text) || !text.includes('T')
  const ms = ISO.test(text) ? Date.parse(hasZone ? text : `${text}Z`) : Number.NaN
  if (Number.isNaN(ms)) throw new UsageError(`--${name}: expected a time, as 2026-03-01T09:30Z, 24h or now.`)
  return instant(ms)
}
