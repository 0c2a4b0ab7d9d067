import type { Json } from './json.ts'
import { BACKSLASH, CLOSE_ARRAY, CLOSE_OBJECT, COMMA, OPEN_ARRAY, OPEN_OBJECT, QUOTE } from './json-bytes.ts'

// These functions need valid JSON without white space, as this program writes it. A value that
// does not end is taken to end with the bytes.

/** Offset after the string at `at`. */
export function textEnd(bytes: Buffer, at: number): number {
  for (let i = at + 1; ; i += 1) {
    const byte = bytes[i]
    if (byte === QUOTE) return i + 1
    if (byte === undefined) return i
    if (byte === BACKSLASH) i += 1
  }
}

/** Offset after the value at `at`. */
export function valueEnd(bytes: Buffer, at: number): number {
  const first = bytes[at]
  if (first === QUOTE) return textEnd(bytes, at)
  let open = 0
  for (let i = at; ; i += 1) {
    const byte = bytes[i]
    if (byte === QUOTE) i = textEnd(bytes, i) - 1
    else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) open += 1
    else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      if (open === 0) return i
      open -= 1
      if (open === 0) return i + 1
    } else if (byte === undefined || (byte === COMMA && open === 0)) return i
  }
}

/** The text that a JSON string holds. */
export function parseText(json: string): string {
  return JSON.parse(json)
}

/** The value of JSON text. */
export function parseJson(json: string): Json {
  return JSON.parse(json)
}

/** The value whose JSON lies between `start` and `end`. */
export function parseAt(bytes: Buffer, start: number, end: number): Json {
  return JSON.parse(bytes.toString('utf8', start, end))
}
