import type { Instant } from '../domain/identifiers.ts'
import { TextCursor } from './text-cursor.ts'
import { utcInstant } from './utc-instant.ts'

/** Longest form: ISO 8601 with nine fraction digits and an offset. */
const MAX_LENGTH = 40

/** Up to nine digits after a point, cut to milliseconds. */
function milliseconds(cursor: TextCursor): number {
  if (!cursor.takes('.')) return 0
  const start = cursor.offset
  const fraction = cursor.number(1, 9)
  const digits = cursor.offset - start
  // Dividing is exact where multiplying by a negative power of ten is not.
  return digits <= 3 ? fraction * 10 ** (3 - digits) : Math.floor(fraction / 10 ** (digits - 3))
}

/** `Z`, `+hh:mm`, `-hhmm`, or nothing, which means UTC: Azure leaves it out of times that are UTC. */
function offsetMinutes(cursor: TextCursor): number {
  const sign = cursor.takes('+') ? 1 : cursor.takes('-') ? -1 : 0
  if (sign === 0) {
    cursor.takes('Z')
    return 0
  }
  const hours = cursor.number(2, 2)
  cursor.takes(':')
  const minutes = cursor.number(2, 2)
  if (hours > 23 || minutes > 59) cursor.failed = true
  return sign * (hours * 60 + minutes)
}

/** `yyyy-MM-ddTH:mm:ss`, the hour of one digit or two, with fraction and offset. */
function isoTime(text: string): Instant | undefined {
  const cursor = new TextCursor(text)
  const year = cursor.number(4, 4)
  cursor.expect('-')
  const month = cursor.number(2, 2)
  cursor.expect('-')
  const day = cursor.number(2, 2)
  cursor.expect('T')
  const hour = cursor.number(1, 2)
  cursor.expect(':')
  const minute = cursor.number(2, 2)
  cursor.expect(':')
  const second = cursor.number(2, 2)
  const millisecond = milliseconds(cursor)
  const offset = offsetMinutes(cursor)
  if (!cursor.done) return undefined
  return utcInstant({ year, month, day, hour, minute, second, millisecond, offsetMinutes: offset })
}

/** `M/d/yyyy h:mm:ss AM` or `PM`. */
function usTime(text: string): Instant | undefined {
  const cursor = new TextCursor(text)
  const month = cursor.number(1, 2)
  cursor.expect('/')
  const day = cursor.number(1, 2)
  cursor.expect('/')
  const year = cursor.number(4, 4)
  cursor.expect(' ')
  const hour = cursor.number(1, 2)
  cursor.expect(':')
  const minute = cursor.number(2, 2)
  cursor.expect(':')
  const second = cursor.number(2, 2)
  cursor.expect(' ')
  const isAfternoon = cursor.takes('P')
  if (!isAfternoon) cursor.expect('A')
  cursor.expect('M')
  if (!cursor.done || hour < 1 || hour > 12) return undefined
  const hour24 = (hour % 12) + (isAfternoon ? 12 : 0)
  return utcInstant({ year, month, day, hour: hour24, minute, second, millisecond: 0, offsetMinutes: 0 })
}

/**
 * Reads the forms in which Entra and Azure write times, always as UTC where no offset is given: ISO 8601 with an hour of one or two
 * digits and up to nine fraction digits (cut to milliseconds), and the US form with a 12-hour clock.
 * `Date.parse` cannot do it: it refuses one-digit hours and reads the US form in the machine's own time zone.
 * @returns `undefined` for anything else, and for dates that the calendar does not have
 */
export function parseAzureTime(text: string): Instant | undefined {
  if (text.length > MAX_LENGTH) return undefined
  return text[4] === '-' ? isoTime(text) : usTime(text)
}
