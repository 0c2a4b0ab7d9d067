import { COLON, COMMA, QUOTE, SPACE, skipSpace } from '../encoding/json-bytes.ts'

/** Writers are known to leave a nameless empty member behind: `"":""`. */
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
 * First offset from `at` on that is neither white space nor a comma nor junk between values.
 * Control characters and byte order marks say as little as white space: bodies are filled up with
 * zeros, and put together from files that begin with a mark.
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

/** Offset of the first byte of a body that says anything. */
export const contentStart = (body: Buffer): number => skipBetween(body, 0)
