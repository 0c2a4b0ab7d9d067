import type { Instant } from '../domain/identifiers.ts'
import { COLON, digitsAt, isDigit, MINUS, POINT, QUOTE } from '../encoding/json-bytes.ts'
import { EARLIEST } from './scalars.ts'
import { utcInstant } from './utc-instant.ts'

const LETTER_T = 0x54
const LETTER_Z = 0x5a
/** `"2026-03-01T09:20:00.123Z"` */
const TIDY_BYTES = 26
const SECONDS_BYTES = 20

/** The number of consecutive digits from `at` on. */
function countDigits(bytes: Buffer, at: number): number {
  let i = at
  while (isDigit(bytes[i])) i += 1
  return i - at
}

/**
 * Fast path for times in the usual form `"yyyy-MM-ddTHH:mm:ss.fffZ"`, with any number of fraction
 * digits; `parseAzureTime` reads all forms.
 * @returns `undefined` for any other form, and for times that do not exist
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
    bytes[end - 2] === LETTER_Z
  if (!isForm) return undefined
  let fractionDigits = 0
  if (bytes[start + SECONDS_BYTES] === POINT) {
    fractionDigits = countDigits(bytes, start + SECONDS_BYTES + 1)
    if (fractionDigits === 0 || start + SECONDS_BYTES + 1 + fractionDigits !== end - 2) return undefined
  } else if (start + SECONDS_BYTES !== end - 2) return undefined
  const kept = Math.min(fractionDigits, 3)
  const at = utcInstant({
    year: digitsAt(bytes, start + 1, 4),
    month: digitsAt(bytes, start + 6, 2),
    day: digitsAt(bytes, start + 9, 2),
    hour: digitsAt(bytes, start + 12, 2),
    minute: digitsAt(bytes, start + 15, 2),
    second: digitsAt(bytes, start + 18, 2),
    millisecond: digitsAt(bytes, start + SECONDS_BYTES + 1, kept) * 10 ** (3 - kept),
    offsetMinutes: 0,
  })
  if (at === undefined || !(at >= EARLIEST)) return undefined
  return at
}

/** Whether a time that `isoInstantAt` has read is written as `isoInstant` would write it. */
export const isTidyInstant = (bytes: Buffer, start: number, end: number): boolean =>
  // Excludes 24:00 and leap seconds.
  end - start === TIDY_BYTES && digitsAt(bytes, start + 12, 2) < 24 && digitsAt(bytes, start + 18, 2) < 60
