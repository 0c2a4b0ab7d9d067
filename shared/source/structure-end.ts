import { BACKSLASH, CLOSE_ARRAY, CLOSE_OBJECT, OPEN_ARRAY, OPEN_OBJECT, QUOTE } from './json-bytes.ts'

/** Offset after the closing quote, by quotes and backslashes alone; -1 where there is none before `limit`. */
function looseStringEnd(bytes: Buffer, at: number, limit: number): number {
  for (let i = at + 1; i < limit; i += 1) {
    if (bytes[i] === BACKSLASH) i += 1
    else if (bytes[i] === QUOTE) return i + 1
  }
  return -1
}

/**
 * Where the value that begins at `at` with a bracket or quote ends by brackets and quotes alone, whatever stands between them.
 * An object ends with its own brace though an array in it be left open, and before a bracket that closes a list around it.
 * @returns offset after its last byte, or -1 where it has no end before `limit`
 */
export function structureEnd(bytes: Buffer, at: number, limit: number): number {
  const first = bytes[at]
  let objects = 0
  let arrays = 0
  for (let i = at; i < limit; ) {
    const byte = bytes[i]
    if (byte === QUOTE) {
      i = looseStringEnd(bytes, i, limit)
      if (i === -1) return -1
    } else {
      if (byte === CLOSE_ARRAY && arrays === 0) return i
      if (byte === OPEN_OBJECT) objects += 1
      else if (byte === CLOSE_OBJECT) objects -= 1
      else if (byte === OPEN_ARRAY) arrays += 1
      else if (byte === CLOSE_ARRAY) arrays -= 1
      i += 1
    }
    if (first === OPEN_OBJECT ? objects === 0 : arrays === 0) return i
  }
  return -1
}
