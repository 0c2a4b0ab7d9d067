import { isAtInAnyCase } from '../encoding/bytes-at.ts'
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

/** Whether the name whose opening quote is at `at` is `records`, case-insensitive. */
export const isRecordsName = (bytes: Buffer, at: number): boolean =>
  isAtInAnyCase(bytes, at + 1, RECORDS) && bytes[at + 1 + RECORDS.length] === QUOTE

/** Longest name to search for, with quotes; bounds the cost of a search. */
const MAX_NAME_BYTES = 256

/** The first name in the object at `at`, with quotes; `undefined` if it has none or is too long. */
export function firstName(bytes: Buffer, at: number): Buffer | undefined {
  if (bytes[at] !== OPEN_OBJECT) return undefined
  const name = skipSpace(bytes, at + 1)
  if (bytes[name] !== QUOTE) return undefined
  const beginning = bytes.subarray(name, name + MAX_NAME_BYTES)
  const end = stringEnd(beginning, 0)
  return end < 0 ? undefined : beginning.subarray(0, end)
}

/**
 * Offset of the next object that follows another value and starts with this name. Records of one
 * message come from one writer and start alike, so this finds the next record even if quotes and
 * brackets before it are unbalanced.
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
