import type { Instant } from '../domain/identifiers.ts'
import { QUOTE } from './json-bytes.ts'
import { EARLIEST } from './scalars.ts'
import { utcInstant } from './utc-instant.ts'

const MINUS = 0x2d
const POINT = 0x2e
const ZERO = 0x30
const NINE = 0x39
const COLON = 0x3a
const LETTER_T = 0x54
const LETTER_Z = 0x5a
/** `"2026-03-01T09:20:00.123Z"` */
const TIDY_BYTES = 26
const SECONDS_BYTES = 20

/** The digits from `at` on as a number; NaN where others stand there. */
function digits(bytes: Buffer, at: number, count: number): number {
  let value = 0
  for (let i = at; i < at + count; i += 1) {
    const byte = bytes[i] ?? 0
    if (byte < ZERO || byte > NINE) return Number.NaN
    value = value * 10 + byte - ZERO
  }
  return value
}

/** How many digits stand from `at` on. */
function countDigits(bytes: Buffer, at: number): number {
  let i = at
  while ((bytes[i] ?? 0) >= ZERO && (bytes[i] ?? 0) <= NINE) i += 1
  return i - at
}

/**
 * Reads a time in the form `"yyyy-MM-ddTHH:mm:ss.fffZ"`, with any number of digits of a second, as
 * almost all are written; `parseAzureTime` reads all forms.
 * @returns `undefined` for any other form, and where there is no such time
 */
export function isoInstantAt(bytes: Buffer, start: number, end: number): Instant | undefined {
  const isForm =
    end - start > SECONDS_BYTES &&
    bytes[start] === QUOTE &&
    bytes[start + 5] === MINUS &&
    bytes[start + 8] === MINUS &&
    bytes[start + 11] === LETTER_T &&
    bytes[start + 14] === COLON &&
    bytes[start + 17] === COLON &&
    bytes[end - 2] === LETTER_Z &&
    bytes[end - 1] === QUOTE
  if (!isForm) return undefined
  let fractionDigits = 0
  if (bytes[start + SECONDS_BYTES] === POINT) {
    fractionDigits = countDigits(bytes, start + SECONDS_BYTES + 1)
    if (fractionDigits === 0 || start + SECONDS_BYTES + 1 + fractionDigits !== end - 2) return undefined
  } else if (start + SECONDS_BYTES !== end - 2) return undefined
  const kept = Math.min(fractionDigits, 3)
  const at = utcInstant({
    year: digits(bytes, start + 1, 4),
    month: digits(bytes, start + 6, 2),
    day: digits(bytes, start + 9, 2),
    hour: digits(bytes, start + 12, 2),
    minute: digits(bytes, start + 15, 2),
    second: digits(bytes, start + 18, 2),
    millisecond: kept === 0 ? 0 : digits(bytes, start + SECONDS_BYTES + 1, kept) * 10 ** (3 - kept),
    offsetMinutes: 0,
  })
  if (at === undefined || !(at >= EARLIEST)) return undefined
  return at
}

/** Whether the bytes of a time in that form are what `isoInstant` writes for it, in quotes. */
export const isTidyInstant = (bytes: Buffer, start: number, end: number): boolean =>
  // Midnight may be written as 24:00, and a leap second as :60.
  end - start === TIDY_BYTES && digits(bytes, start + 12, 2) < 24 && digits(bytes, start + 18, 2) < 60
