import { COLON, COMMA, QUOTE, SPACE, skipSpace } from '../encoding/json-bytes.ts'

/** Some writers leave an empty member without a name: `"":""`. */
function junkEnd(bytes: Buffer, at: number): number {
  if (bytes[at] !== QUOTE || bytes[at + 1] !== QUOTE) return at
  const colon = skipSpace(bytes, at + 2)
  const value = skipSpace(bytes, colon + 1)
  const isJunk = bytes[colon] === COLON && bytes[value] === QUOTE && bytes[value + 1] === QUOTE
  return isJunk ? value + 2 : at
}

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf] as const

const isByteOrderMark = (bytes: Buffer, at: number): boolean =>
  bytes[at] === BYTE_ORDER_MARK[0] &&
  bytes[at + 1] === BYTE_ORDER_MARK[1] &&
  bytes[at + 2] === BYTE_ORDER_MARK[2]

/**
 * Skips white space, commas, control characters, byte order marks and empty members between values:
 * some bodies are zero-padded, or concatenated from files that start with a mark.
 * @returns the first other offset, or the length
 */
export function skipBetween(bytes: Buffer, at: number): number {
  let i = at
  for (;;) {
    const byte = bytes[i]
    if (byte === undefined) return i
    if (byte <= SPACE || byte === COMMA) i += 1
    else if (isByteOrderMark(bytes, i)) i += BYTE_ORDER_MARK.length
    else {
      const end = junkEnd(bytes, i)
      if (end === i) return i
      i = end
    }
  }
}

/** Offset of the first significant byte of a body. */
export const contentStart = (body: Buffer): number => skipBetween(body, 0)
