import { BACKSLASH, isDigit, MINUS, POINT, QUOTE, SPACE, ZERO } from '../encoding/json-bytes.ts'

// These functions take the offset of a scalar's first byte and return the offset after its last, or
// the bitwise complement (a negative number) of the offset where it stops being JSON, strict or
// lenient (`plain-json.ts`). Bytes past the end read as zero.

const LETTER_U = 0x75
const PLUS = 0x2b
const NINE = 0x39
const ESCAPABLE = Uint8Array.from({ length: 256 }, (_, byte) =>
  '"\\/bfnrt'.includes(String.fromCharCode(byte)) ? 1 : 0,
)

const isHexDigit = (byte: number): boolean =>
  isDigit(byte) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66)

/** @param at offset of the backslash */
function escapeEnd(bytes: Buffer, at: number): number {
  const letter = bytes[at + 1] ?? 0
  if (ESCAPABLE[letter] === 1) return at + 2
  if (letter !== LETTER_U) return ~(at + 1)
  for (let i = at + 2; i < at + 6; i += 1) if (!isHexDigit(bytes[i] ?? 0)) return ~i
  return at + 6
}

/**
 * Accepts raw control characters, which some writers do not escape.
 * @param at offset of the opening quote
 * @param found gets `isLenient` set if there are any
 */
export function stringEnd(bytes: Buffer, at: number, found?: { isLenient: boolean }): number {
  let i = at + 1
  for (;;) {
    let byte = bytes[i] ?? 0
    while (byte !== QUOTE && byte !== BACKSLASH && byte >= SPACE) {
      i += 1
      byte = bytes[i] ?? 0
    }
    if (byte === QUOTE) return i + 1
    if (i >= bytes.length) return ~i
    if (byte !== BACKSLASH) {
      if (found !== undefined) found.isLenient = true
      i += 1
      continue
    }
    i = escapeEnd(bytes, i)
    if (i < 0) return i
  }
}

/** At least one digit. */
function digitsEnd(bytes: Buffer, at: number): number {
  let i = at
  while (isDigit(bytes[i] ?? 0)) i += 1
  return i === at ? ~at : i
}

function numberEnd(bytes: Buffer, at: number): number {
  const first = bytes[at] === MINUS ? at + 1 : at
  let i = bytes[first] === ZERO ? first + 1 : digitsEnd(bytes, first)
  if (i >= 0 && bytes[i] === POINT) i = digitsEnd(bytes, i + 1)
  if (i >= 0 && ((bytes[i] ?? 0) | 0x20) === 0x65) {
    const sign = bytes[i + 1]
    i = digitsEnd(bytes, sign === PLUS || sign === MINUS ? i + 2 : i + 1)
  }
  return i
}

function wordEnd(bytes: Buffer, at: number, word: Buffer): number {
  for (let k = 0; k < word.length; k += 1) if (bytes[at + k] !== word[k]) return ~(at + k)
  return at + word.length
}

const WORDS: ReadonlyMap<number, Buffer> = new Map(
  ['true', 'false', 'null'].map((word) => [word.charCodeAt(0), Buffer.from(word)]),
)

/** Not JSON, but some writers send them as numbers. */
const NON_FINITE = ['infinity', 'inf', 'nan'].map((word) => Buffer.from(word))
const SMALL = 0x20

const GOES_ON = /[-+.\w]/

/** `NaN`, `Infinity` and `inf`, with optional sign, in any case; -1 if there is none. */
function nonFiniteEnd(bytes: Buffer, at: number): number {
  const first = bytes[at] === MINUS || bytes[at] === PLUS ? at + 1 : at
  const word = NON_FINITE.find((w) => w.every((letter, k) => ((bytes[first + k] ?? 0) | SMALL) === letter))
  const end = first + (word?.length ?? 0)
  return word === undefined || GOES_ON.test(String.fromCharCode(bytes[end] ?? 0)) ? -1 : end
}

/** A number, boolean, null, `NaN` or `Infinity`. */
export function wordOrNumberEnd(bytes: Buffer, at: number): number {
  const byte = bytes[at] ?? 0
  const word = WORDS.get(byte)
  let end = ~at
  if (isDigit(byte) || byte === MINUS) end = numberEnd(bytes, at)
  else if (word !== undefined) end = wordEnd(bytes, at, word)
  if (end >= 0) return end
  const nonFinite = nonFiniteEnd(bytes, at)
  return nonFinite < 0 ? end : nonFinite
}

const LETTER_N = 0x6e

/** Whether a token that `wordOrNumberEnd` has accepted is strict JSON. */
export function isJsonWord(bytes: Buffer, at: number): boolean {
  const first = bytes[at] ?? 0
  const next = bytes[at + 1] ?? 0
  if (isDigit(first)) return true
  if (first === MINUS) return isDigit(next)
  return WORDS.has(first) && (first !== LETTER_N || next === LETTER_U)
}

/** A double holds every number with fewer characters and no exponent. */
const LONG_NUMBER = 16
const LETTER_E = 0x65

/** Whether a token other than a string may be a number that a double cannot hold. */
export function isLongNumber(bytes: Buffer, at: number, end: number): boolean {
  if ((bytes[at] ?? 0) > NINE) return false
  if (end - at >= LONG_NUMBER) return true
  for (let i = at + 1; i < end; i += 1) if (((bytes[i] ?? 0) | SMALL) === LETTER_E) return true
  return false
}
