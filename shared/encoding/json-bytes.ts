export const QUOTE = 0x22
export const COMMA = 0x2c
export const COLON = 0x3a
export const BACKSLASH = 0x5c
export const OPEN_ARRAY = 0x5b
export const CLOSE_ARRAY = 0x5d
export const OPEN_OBJECT = 0x7b
export const CLOSE_OBJECT = 0x7d
export const LINE_FEED = 0x0a
export const CARRIAGE_RETURN = 0x0d
const TAB = 0x09
export const SPACE = 0x20
export const MINUS = 0x2d
export const POINT = 0x2e
export const ZERO = 0x30
const NINE = 0x39
export const FIRST_NON_ASCII = 0x80

/** `undefined`, a byte past the end, is not a digit. */
export const isDigit = (byte: number | undefined): boolean =>
  byte !== undefined && byte >= ZERO && byte <= NINE

/** The number in `count` decimal digits; NaN if any of the bytes is not a digit. */
export function digitsAt(bytes: Uint8Array, at: number, count: number): number {
  let value = 0
  for (let i = at; i < at + count; i += 1) {
    if (!isDigit(bytes[i])) return Number.NaN
    value = value * 10 + (bytes[i] as number) - ZERO
  }
  return value
}

/** Whether a byte is JSON white space. */
export const isSpace = (byte: number | undefined): boolean =>
  byte === SPACE || byte === LINE_FEED || byte === CARRIAGE_RETURN || byte === TAB

/** First offset from `at` on that is not white space; the length if there is none. */
export function skipSpace(bytes: Buffer, at: number): number {
  let i = at
  // The first test is a fast path: it rejects almost every byte.
  while ((bytes[i] ?? SPACE + 1) <= SPACE && isSpace(bytes[i])) i += 1
  return i
}

/** Moves `at` back over white space, at most to `from`. */
export function trimSpace(bytes: Buffer, from: number, at: number): number {
  let i = at
  while (i > from && isSpace(bytes[i - 1])) i -= 1
  return i
}
