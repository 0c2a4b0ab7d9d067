import { digitsAt } from '../encoding/json-bytes.ts'
import { type Instant, instant } from './identifiers.ts'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000

const padded = (count: number, digits: number): readonly string[] =>
  Array.from({ length: count }, (_, n) => String(n).padStart(digits, '0'))
const TWO = padded(60, 2)
const THREE = padded(1000, 3)

// Consecutive instants share a day, and formatting a date takes ten times as long as the time.
let knownDay = Number.NaN
let knownDate = ''

/** ISO 8601, UTC, in milliseconds: the only form in which instants leave the program. */
export function isoInstant(at: Instant): string {
  const day = Math.floor(at / DAY_MS)
  if (day !== knownDay) {
    knownDate = new Date(at).toISOString().slice(0, -13)
    knownDay = day
  }
  const ms = at - day * DAY_MS
  const hour = TWO[Math.floor(ms / HOUR_MS)]
  const minute = TWO[Math.floor((ms % HOUR_MS) / MINUTE_MS)]
  const second = TWO[Math.floor((ms % MINUTE_MS) / 1000)]
  return `${knownDate}${hour}:${minute}:${second}.${THREE[ms % 1000]}Z`
}

/** Reads the output of `isoInstant` at this offset. */
export const instantAt = (bytes: Uint8Array, at: number): Instant =>
  instant(
    Date.UTC(
      digitsAt(bytes, at, 4),
      digitsAt(bytes, at + 5, 2) - 1,
      digitsAt(bytes, at + 8, 2),
      digitsAt(bytes, at + 11, 2),
      digitsAt(bytes, at + 14, 2),
      digitsAt(bytes, at + 17, 2),
      digitsAt(bytes, at + 20, 3),
    ),
  )
