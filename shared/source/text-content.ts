import { BACKSLASH, SPACE } from '../encoding/json-bytes.ts'

const LETTER_U = 0x75
/** What the letter after a backslash stands for; any other letter stands for itself. */
const MEANING: ReadonlyMap<number, number> = new Map(
  Object.entries({ b: 8, t: 9, n: 10, f: 12, r: 13 }).map(([letter, byte]) => [letter.charCodeAt(0), byte]),
)
const BYTE_ORDER_MARK = 0xfeff
/**
 * Stands for any character beyond ASCII that was written as `\u…`: none of them tells where a
 * record begins or ends.
 */
const ANY_OTHER = 0x3f

function byteOf(code: number): number {
  if (code === BYTE_ORDER_MARK) return SPACE
  return code < 0x80 ? code : ANY_OTHER
}

/** The content of a string, and where in the body each of its bytes is written. */
export interface TextContent {
  readonly bytes: Buffer
  /** Offset in the body for each byte of the content, and for its end. */
  readonly offsets: Uint32Array
}

/**
 * What a string says, true as far as brackets, quotes and names of ours go.
 * @param at offset of the opening quote of a string whose escapes are sound
 * @param end offset after its closing quote
 */
export function textContent(body: Buffer, at: number, end: number): TextContent {
  const bytes = Buffer.allocUnsafe(end - at)
  const offsets = new Uint32Array(end - at)
  let length = 0
  for (let i = at + 1; i < end - 1; length += 1) {
    offsets[length] = i
    const byte = body[i] ?? 0
    if (byte === BACKSLASH) {
      const letter = body[i + 1] ?? 0
      const isCode = letter === LETTER_U
      const hex = isCode ? body.toString('latin1', i + 2, i + 6) : ''
      bytes[length] = isCode ? byteOf(Number.parseInt(hex, 16)) : (MEANING.get(letter) ?? letter)
      i += isCode ? 6 : 2
    } else {
      bytes[length] = byte
      i += 1
    }
  }
  offsets[length] = end - 1
  return { bytes: bytes.subarray(0, length), offsets }
}
