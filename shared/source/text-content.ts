import { BACKSLASH, SPACE } from '../encoding/json-bytes.ts'

const LETTER_U = 0x75
/** Bytes of one-letter escapes; any other letter stands for itself. */
const MEANING: ReadonlyMap<number, number> = new Map(
  Object.entries({ b: 8, t: 9, n: 10, f: 12, r: 13 }).map(([letter, byte]) => [letter.charCodeAt(0), byte]),
)
const BYTE_ORDER_MARK = 0xfeff
/** Placeholder for non-ASCII characters written as `\u…`, which never start or end a record. */
const ANY_OTHER = 0x3f

function byteOf(code: number): number {
  if (code === BYTE_ORDER_MARK) return SPACE
  return code < 0x80 ? code : ANY_OTHER
}

/** The decoded content of a string, and where each byte is in the body. */
export interface TextContent {
  readonly bytes: Buffer
  /** Offset in the body of each byte, and of the end. */
  readonly offsets: Uint32Array
}

/**
 * Decodes a string well enough to find records: non-ASCII escapes become `?`.
 * @param at offset of the opening quote of a string with valid escapes
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
