import {
  CLOSE_OBJECT,
  COLON,
  COMMA,
  OPEN_OBJECT,
  QUOTE,
  skipSpace,
  trimSpace,
} from '../encoding/json-bytes.ts'
import { stringEnd } from './scalar-end.ts'

const RECORDS = Buffer.from('records')
const LOWER_CASE = 0x20

/** Whether the name whose opening quote is at `at` is `records`, however it is cased. */
export function isRecordsName(bytes: Buffer, at: number): boolean {
  for (let k = 0; k < RECORDS.length; k += 1) {
    if (((bytes[at + 1 + k] ?? 0) | LOWER_CASE) !== RECORDS[k]) return false
  }
  return bytes[at + 1 + RECORDS.length] === QUOTE
}

/**
 * Longest name that is looked for again, quotes included: no writer's is longer, and each look
 * costs its length.
 */
const MAX_NAME_BYTES = 256

/**
 * The first name of the object that begins at `at`, quotes included; `undefined` where it has none,
 * or one that is too long.
 */
export function firstName(bytes: Buffer, at: number): Buffer | undefined {
  if (bytes[at] !== OPEN_OBJECT) return undefined
  const name = skipSpace(bytes, at + 1)
  if (bytes[name] !== QUOTE) return undefined
  const beginning = bytes.subarray(name, name + MAX_NAME_BYTES)
  const end = stringEnd(beginning, 0)
  return end < 0 ? undefined : beginning.subarray(0, end)
}

/**
 * Offset of the next object, from `from` on, that follows another value and begins with the given
 * name: records of one message come from one writer and begin alike, so this is where the next
 * record begins even if quotes and brackets before it lie.
 */
export function nextObjectNamed(bytes: Buffer, name: Buffer, from: number): number | undefined {
  for (let at = bytes.indexOf(name, from); at !== -1; at = bytes.indexOf(name, at + 1)) {
    const open = trimSpace(bytes, from, at) - 1
    const before = bytes[trimSpace(bytes, 0, open) - 1]
    const isObject = open >= from && bytes[open] === OPEN_OBJECT
    const isMember = bytes[skipSpace(bytes, at + name.length)] === COLON
    if (isObject && isMember && (before === COMMA || before === CLOSE_OBJECT)) return open
  }
  return undefined
}
