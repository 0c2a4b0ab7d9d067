import { BACKSLASH, QUOTE } from './json-bytes.ts'

// A function here takes the offset of a scalar's first byte and gives the offset after its last one,
// or the bitwise complement (a negative number) of the offset at which it stops being JSON.
// A read beyond the end counts as a zero byte, which is not JSON anywhere.

const FIRST_PRINTABLE = 0x20
const LETTER_U = 0x75
const MINUS = 0x2d
const PLUS = 0x2b
const POINT = 0x2e
const ZERO = 0x30
const ESCAPABLE = Uint8Array.from({ length: 256 }, (_, byte) =>
  '"\\/bfnrt'.includes(String.fromCharCode(byte)) ? 1 : 0,
)

const isDigit = (byte: number): boolean => byte >= ZERO && byte <= 0x39

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

/** 1 for every byte that a string cannot simply hold: quote, backslash and control characters. */
const ENDS_RUN = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte === QUOTE || byte === BACKSLASH || byte < FIRST_PRINTABLE ? 1 : 0,
)

/** @param at offset of the opening quote */
export function stringEnd(bytes: Buffer, at: number): number {
  let i = at + 1
  for (;;) {
    while (ENDS_RUN[bytes[i] ?? 0] === 0) i += 1
    const byte = bytes[i] ?? 0
    if (byte === QUOTE) return i + 1
    if (byte !== BACKSLASH) return ~i
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

/** A number, boolean or null. */
export function wordOrNumberEnd(bytes: Buffer, at: number): number {
  const byte = bytes[at] ?? 0
  if (isDigit(byte) || byte === MINUS) return numberEnd(bytes, at)
  const word = WORDS.get(byte)
  return word === undefined ? ~at : wordEnd(bytes, at, word)
}
