import { isAt } from './bytes-at.ts'
import {
  BACKSLASH,
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  isDigit,
  MINUS,
  OPEN_ARRAY,
  OPEN_OBJECT,
  POINT,
  QUOTE,
  SPACE,
  ZERO,
} from './json-bytes.ts'

/** JavaScript reads and writes numbers of up to this many digits unchanged. */
const MAX_DIGITS = 15
/** JavaScript writes smaller numbers with an exponent. */
const MAX_LEADING_ZEROS = 6
/** Bounds the search for repeated names, which is quadratic. */
const MAX_NAMES = 24

/** The most levels that a record may nest. */
const MAX_DEPTH = 64

/** Offsets of the names of the open object at each level; an array each would be much garbage. */
const namesAt = new Int32Array(MAX_DEPTH * MAX_NAMES)

const WORDS = ['true', 'false', 'null'].map((word) => Buffer.from(word))

/** Offset after the string at `at`; -1 if it is not one, or has escapes or control characters. */
export function plainStringEnd(bytes: Buffer, at: number): number {
  if (bytes[at] !== QUOTE) return -1
  for (let i = at + 1; ; i += 1) {
    const byte = bytes[i]
    if (byte === QUOTE) return i + 1
    if (byte === undefined || byte === BACKSLASH || byte < SPACE) return -1
  }
}

/** Whether these bytes are one string without escapes or control characters. */
export const isPlainString = (bytes: Buffer, start: number, end: number): boolean =>
  plainStringEnd(bytes, start) === end

function numberEnd(bytes: Buffer, at: number): number {
  const start = bytes[at] === MINUS ? at + 1 : at
  let i = start
  while (isDigit(bytes[i])) i += 1
  const whole = i - start
  if (whole === 0 || (whole > 1 && bytes[start] === ZERO)) return -1
  if (bytes[i] !== POINT) return whole > MAX_DIGITS || (bytes[start] === ZERO && start > at) ? -1 : i
  const point = i
  i += 1
  while (isDigit(bytes[i])) i += 1
  const isWritten = i > point + 1 && bytes[i - 1] !== ZERO && i - start - 1 <= MAX_DIGITS
  if (!isWritten) return -1
  let zeros = point + 1
  while (bytes[zeros] === ZERO) zeros += 1
  return bytes[start] === ZERO && zeros - point - 1 >= MAX_LEADING_ZEROS ? -1 : i
}

function wordEnd(bytes: Buffer, at: number): number {
  for (const word of WORDS) if (bytes[at] === word[0]) return isAt(bytes, at, word) ? at + word.length : -1
  return -1
}

function isSameText(bytes: Buffer, a: number, b: number): boolean {
  for (let i = 0; ; i += 1) {
    if (bytes[a + i] !== bytes[b + i]) return false
    if (bytes[a + i] === QUOTE) return true
  }
}

function objectEnd(bytes: Buffer, at: number, levels: number): number {
  if (bytes[at + 1] === CLOSE_OBJECT) return at + 2
  const first = levels * MAX_NAMES
  let last = first
  for (let i = at + 1; ; i += 1) {
    // JavaScript moves integer names before all others.
    if (isDigit(bytes[i + 1]) || last - first === MAX_NAMES) return -1
    const nameEnd = plainStringEnd(bytes, i)
    if (nameEnd === -1 || bytes[nameEnd] !== COLON) return -1
    for (let n = first; n < last; n += 1) if (isSameText(bytes, (namesAt[n] as number) + 1, i + 1)) return -1
    namesAt[last++] = i
    i = tidyJsonEnd(bytes, nameEnd + 1, levels)
    if (i !== -1 && bytes[i] === CLOSE_OBJECT) return i + 1
    if (i === -1 || bytes[i] !== COMMA) return -1
  }
}

function arrayEnd(bytes: Buffer, at: number, levels: number): number {
  if (bytes[at + 1] === CLOSE_ARRAY) return at + 2
  for (let i = at + 1; ; i += 1) {
    i = tidyJsonEnd(bytes, i, levels)
    if (i !== -1 && bytes[i] === CLOSE_ARRAY) return i + 1
    if (i === -1 || bytes[i] !== COMMA) return -1
  }
}

/**
 * Offset after the JSON value at `at` if parsing and `JSON.stringify` would give the same bytes; -1
 * if not, or if a quick check cannot tell.
 * @param bytes UTF-8
 */
export function tidyJsonEnd(bytes: Buffer, at: number, levels = MAX_DEPTH): number {
  switch (bytes[at]) {
    case QUOTE:
      return plainStringEnd(bytes, at)
    case OPEN_OBJECT:
      return levels === 0 ? -1 : objectEnd(bytes, at, levels - 1)
    case OPEN_ARRAY:
      return levels === 0 ? -1 : arrayEnd(bytes, at, levels - 1)
    default:
      return isDigit(bytes[at]) || bytes[at] === MINUS ? numberEnd(bytes, at) : wordEnd(bytes, at)
  }
}
