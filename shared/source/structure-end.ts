import {
  BACKSLASH,
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
} from '../encoding/json-bytes.ts'

/**
 * Offset after the closing quote, by quotes and backslashes alone; -1 where there is none before
 * `limit`.
 */
function looseStringEnd(bytes: Buffer, at: number, limit: number): number {
  for (let i = at + 1; i < limit; i += 1) {
    if (bytes[i] === BACKSLASH) i += 1
    else if (bytes[i] === QUOTE) return i + 1
  }
  return -1
}

/** How many brackets are open. */
interface Open {
  readonly objects: number
  readonly arrays: number
}

/**
 * Where what begins at `at` ends by brackets and quotes alone, whatever stands between them: as
 * soon as no object is open, or no array where there never was an object; and before a bracket that
 * closes a list around it.
 * @returns offset after its last byte, or -1 where it has no end before `limit`
 */
function bracketsEnd(bytes: Buffer, at: number, limit: number, open: Open): number {
  let { objects, arrays } = open
  const isObject = objects > 0 || bytes[at] === OPEN_OBJECT
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
    if (isObject ? objects === 0 : arrays === 0) return i
  }
  return -1
}

/**
 * Where the object, array or string that begins at `at` ends by brackets and quotes alone; -1 where
 * it does not before `limit`.
 */
export const structureEnd = (bytes: Buffer, at: number, limit: number): number =>
  bracketsEnd(bytes, at, limit, { objects: 0, arrays: 0 })

/**
 * Where the object ends whose opening brace is missing before `at`; -1 where it does not before
 * `limit`.
 */
export const headlessObjectEnd = (bytes: Buffer, at: number, limit: number): number =>
  bracketsEnd(bytes, at, limit, { objects: 1, arrays: 0 })
