import type { Instant } from '../domain/identifiers.ts'
import { TextCursor } from './text-cursor.ts'
import { utcInstant } from './utc-instant.ts'

/** `yyyy-M-d`, `yyyy/M/d` or `M/d/yyyy`; four digits make a year. */
function date(cursor: TextCursor) {
  const start = cursor.offset
  const first = cursor.number(1, 4)
  const yearFirst = cursor.offset - start === 4
  const separator = yearFirst && cursor.takes('-') ? '-' : '/'
  if (separator === '/') cursor.expect('/')
  const second = cursor.number(1, 2)
  cursor.expect(separator)
  return yearFirst
    ? { year: first, month: second, day: cursor.number(1, 2) }
    : { year: cursor.number(4, 4), month: first, day: second }
}

/** `T`, or white space with an optional comma before it. */
function separator(cursor: TextCursor): void {
  if (cursor.takes('T')) return
  cursor.takes(',')
  if (!cursor.takesSpace()) cursor.failed = true
}

/** Any number of digits after a point or comma, truncated to milliseconds. */
function milliseconds(cursor: TextCursor): number {
  if (!cursor.takes('.') && !cursor.takes(',')) return 0
  const start = cursor.offset
  const fraction = cursor.number(1, 3)
  const digits = cursor.offset - start
  cursor.number(0, Number.POSITIVE_INFINITY)
  return fraction * 10 ** (3 - digits)
}

/** Hours to add for `AM`, `PM`, `a.m.` or `p.m.`; `undefined` for a 24-hour clock. */
function halfOfDay(cursor: TextCursor): 0 | 12 | undefined {
  const isAfternoon = cursor.takes('P')
  if (!isAfternoon && !cursor.takes('A')) return undefined
  cursor.takes('.')
  cursor.expect('M')
  cursor.takes('.')
  return isAfternoon ? 12 : 0
}

function takesWord(cursor: TextCursor, word: string): boolean {
  if (!cursor.takes(word.charAt(0))) return false
  for (const letter of word.slice(1)) cursor.expect(letter)
  return true
}

/**
 * `Z`, `UTC`, `GMT`, `+hh:mm`, `-hhmm`, `+hh`, or nothing, which means UTC, as Azure omits it for
 * UTC.
 */
function offsetMinutes(cursor: TextCursor): number {
  if (cursor.takes('Z')) return 0
  const sign = cursor.takes('+') ? 1 : cursor.takes('-') || cursor.takes('\u2212') ? -1 : 0
  if (sign === 0) {
    if (!takesWord(cursor, 'UTC')) takesWord(cursor, 'GMT')
    return 0
  }
  const hours = cursor.number(1, 2)
  const hasColon = cursor.takes(':')
  const start = cursor.offset
  const minutes = cursor.number(hasColon ? 2 : 0, 2)
  if (hours > 23 || minutes > 59 || cursor.offset - start === 1) cursor.failed = true
  return sign * (hours * 60 + minutes)
}

/**
 * Parses times in all forms that Entra and Azure write: ISO 8601 and the US form, 12 or 24 hours,
 * one or two digits per field, optional seconds, any number of fraction digits (truncated to
 * milliseconds), any white space. Without an offset, times are UTC. `Date.parse` does not work: it
 * rejects one-digit hours and reads the US form in the local time zone. Day before month
 * (`17/4/2027`) and two-digit years are rejected as ambiguous.
 * @returns `undefined` for anything else, and for dates that do not exist
 */
export function parseAzureTime(text: string): Instant | undefined {
  const cursor = new TextCursor(text)
  cursor.takesSpace()
  const { year, month, day } = date(cursor)
  separator(cursor)
  const hour = cursor.number(1, 2)
  cursor.expect(':')
  const minute = cursor.number(1, 2)
  const hasSeconds = cursor.takes(':')
  const second = hasSeconds ? cursor.number(1, 2) : 0
  const millisecond = hasSeconds ? milliseconds(cursor) : 0
  cursor.takesSpace()
  const half = halfOfDay(cursor)
  if (half !== undefined && (hour < 1 || hour > 12)) return undefined
  cursor.takesSpace()
  const offset = offsetMinutes(cursor)
  cursor.takesSpace()
  if (!cursor.done) return undefined
  const hour24 = half === undefined ? hour : (hour % 12) + half
  return utcInstant({ year, month, day, hour: hour24, minute, second, millisecond, offsetMinutes: offset })
}
