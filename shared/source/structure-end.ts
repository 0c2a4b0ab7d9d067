import {
  BACKSLASH,
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
} from '../encoding/json-bytes.ts'

/** Offset after the closing quote, by quotes and backslashes only; -1 if none before `limit`. */
function looseStringEnd(bytes: Buffer, at: number, limit: number): number {
  for (let i = at + 1; i < limit; i += 1) {
    if (bytes[i] === BACKSLASH) i += 1
    else if (bytes[i] === QUOTE) return i + 1
  }
  return -1
}

/** Numbers of open brackets. */
interface Open {
  readonly objects: number
  readonly arrays: number
}

/**
 * The end of a value by brackets and quotes only, ignoring what is between them: where the last
 * object closes (for an array: the last array), or before a bracket that closes a list around it.
 * @returns offset after its last byte, or -1 if it does not end before `limit`
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

/** End of the object, array or string at `at`, by brackets and quotes; -1 if not before `limit`. */
export const structureEnd = (bytes: Buffer, at: number, limit: number): number =>
  bracketsEnd(bytes, at, limit, { objects: 0, arrays: 0 })

/** End of an object whose opening brace is missing before `at`; -1 if not before `limit`. */
export const headlessObjectEnd = (bytes: Buffer, at: number, limit: number): number =>
  bracketsEnd(bytes, at, limit, { objects: 1, arrays: 0 })
