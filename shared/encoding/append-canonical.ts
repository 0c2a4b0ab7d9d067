import type { ByteWriter } from './byte-writer.ts'
import {
  BACKSLASH,
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COMMA,
  FIRST_BEYOND_ASCII,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
} from './json-bytes.ts'
import { sorted } from './sorted.ts'
import { parseAt, textEnd, valueEnd } from './written-json.ts'

function compareDecoded(bytes: Buffer, a: number, b: number): number {
  const x = parseAt(bytes, a, textEnd(bytes, a)) as string
  const y = parseAt(bytes, b, textEnd(bytes, b)) as string
  return x < y ? -1 : x > y ? 1 : 0
}

const isAscii = (byte: number): boolean => byte < FIRST_BEYOND_ASCII && byte !== BACKSLASH

/** Orders two strings by UTF-16 code units, as RFC 8785 orders names. */
export function compareTexts(bytes: Buffer, a: number, b: number): number {
  for (let i = 1; ; i += 1) {
    const x = bytes[a + i] as number
    const y = bytes[b + i] as number
    if (!isAscii(x) || !isAscii(y)) return compareDecoded(bytes, a, b)
    if (x === QUOTE || y === QUOTE) return x === y ? 0 : x === QUOTE ? -1 : 1
    if (x !== y) return x - y
  }
}

function appendObject(memory: ByteWriter, at: number): number {
  const { bytes } = memory
  const names: number[] = []
  let i = at + 1
  while (bytes[i] !== CLOSE_OBJECT) {
    names.push(i)
    i = valueEnd(bytes, textEnd(bytes, i) + 1)
    if (bytes[i] === COMMA) i += 1
  }
  const inOrder = sorted(names, bytes, compareTexts)
  memory.byte(OPEN_OBJECT)
  for (let n = 0; n < inOrder.length; n += 1) {
    if (n > 0) memory.byte(COMMA)
    const name = inOrder[n] as number
    const end = textEnd(memory.bytes, name)
    memory.copy(memory.bytes, name, end + 1)
    appendCanonical(memory, end + 1)
  }
  memory.byte(CLOSE_OBJECT)
  return i + 1
}

function appendArray(memory: ByteWriter, at: number): number {
  memory.byte(OPEN_ARRAY)
  let i = at + 1
  while (memory.bytes[i] !== CLOSE_ARRAY) {
    i = appendCanonical(memory, i)
    if (memory.bytes[i] === COMMA) {
      memory.byte(COMMA)
      i += 1
    }
  }
  memory.byte(CLOSE_ARRAY)
  return i + 1
}

/**
 * Appends the canonical form (`canonicalJson`) of a value that lies in the same memory as
 * `JSON.stringify` writes it.
 * @returns offset after the value
 */
export function appendCanonical(memory: ByteWriter, at: number): number {
  const first = memory.bytes[at]
  if (first === OPEN_OBJECT) return appendObject(memory, at)
  if (first === OPEN_ARRAY) return appendArray(memory, at)
  const end = valueEnd(memory.bytes, at)
  memory.copy(memory.bytes, at, end)
  return end
}
