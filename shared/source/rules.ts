import { isIPv4 } from 'node:net'
import { isoInstant } from '../domain/iso-instant.ts'
import type { Json } from '../encoding/json.ts'
import {
  CLOSE_ARRAY,
  COMMA,
  FIRST_NON_ASCII,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
  SPACE,
} from '../encoding/json-bytes.ts'
import { isPlainString, tidyJsonEnd } from '../encoding/tidy-json.ts'
import { parseAt } from '../encoding/written-json.ts'
import { copyPairs } from './copy-pairs.ts'
import type { Rule } from './fields.ts'
import { isPlainGuid, normaliseId } from './guid.ts'
import { ipAddressOf } from './ip-address.ts'
import { isoInstantAt, isTidyInstant } from './iso-instant-at.ts'
import { parseAdditionalInfo } from './parse-additional-info.ts'
import { parseKeyIds } from './parse-key-ids.ts'
import { parseLocation } from './parse-location.ts'
import { asBoolean, asText, asTime } from './scalars.ts'

/** No GUID form is longer, except form `X`, which starts with a brace. */
const LONGEST_GUID_BYTES = 49
const GUID_BYTES = 38
const LONGEST_IPV4_BYTES = 17
const LETTER_T = 0x74
const LETTER_F = 0x66

/**
 * A rule that references a value's bytes if they are canonical already, and otherwise appends the
 * parsed value.
 */
const rule =
  (
    isTidy: (bytes: Buffer, start: number, end: number) => boolean,
    parse: (value: Json) => Json | undefined,
  ): Rule =>
  (event, slot, start, end) => {
    const { memory } = event
    if (isTidy(memory.bytes, start, end)) {
      event.set(slot, start, end)
      return true
    }
    const value = parse(parseAt(memory.bytes, start, end))
    return value !== undefined && event.write(slot, value)
  }

/** A string; numbers and booleans are converted. */
export const text: Rule = rule(isPlainString, asText)

function isTidyId(bytes: Buffer, start: number, end: number): boolean {
  if (end - start === GUID_BYTES) return isPlainGuid(bytes, start + 1)
  const first = bytes[start + 1] ?? 0
  const last = bytes[end - 2] ?? 0
  const hasNoEdge = first > SPACE && last > SPACE && first < FIRST_NON_ASCII && last < FIRST_NON_ASCII
  return (
    end - start > LONGEST_GUID_BYTES && first !== OPEN_OBJECT && hasNoEdge && isPlainString(bytes, start, end)
  )
}

/** An id; GUIDs are normalised. */
export const id: Rule = rule(isTidyId, (value) => {
  const read = asText(value)
  return read === undefined ? undefined : normaliseId(read)
})

/** A boolean, or one sent as a string. */
export const flag: Rule = rule(
  (bytes, start) => bytes[start] === LETTER_T || bytes[start] === LETTER_F,
  asBoolean,
)

/** A plausible time (`EARLIEST`), in ISO 8601 with milliseconds. */
export const time: Rule = (event, slot, start, end) => {
  const { memory } = event
  const found = isoInstantAt(memory.bytes, start, end)
  if (found !== undefined && isTidyInstant(memory.bytes, start, end)) {
    event.set(slot, start, end)
    return true
  }
  const at = found ?? asTime(parseAt(memory.bytes, start, end))
  return at !== undefined && event.write(slot, isoInstant(at))
}

/** An IP address without port and zone. */
export const address: Rule = rule(
  (bytes, start, end) =>
    end - start <= LONGEST_IPV4_BYTES &&
    bytes[start] === QUOTE &&
    isIPv4(bytes.toString('latin1', start + 1, end - 1)),
  ipAddressOf,
)

/** A location: an object, an object as JSON text, or a string. */
export const location: Rule = rule(
  (bytes, start, end) => bytes[start] === OPEN_OBJECT && tidyJsonEnd(bytes, start) === end,
  parseLocation,
)

function isTidyKeyIds(bytes: Buffer, start: number, end: number): boolean {
  if (bytes[start] !== OPEN_ARRAY) return false
  for (let at = start + 1; at < end; at += GUID_BYTES + 1) {
    const isGuid = bytes[at] === QUOTE && isPlainGuid(bytes, at + 1) && bytes[at + GUID_BYTES - 1] === QUOTE
    if (!isGuid) return false
    if (bytes[at + GUID_BYTES] === CLOSE_ARRAY) return at + GUID_BYTES + 1 === end
    if (bytes[at + GUID_BYTES] !== COMMA) return false
  }
  return false
}

/** Key ids, as a list. */
export const keyIds: Rule = rule(isTidyKeyIds, parseKeyIds)

/** The pairs of `additionalInfo`. */
export const pairs: Rule = (event, slot, start, end) =>
  copyPairs(event, slot, start, end) ||
  event.write(
    slot,
    parseAdditionalInfo(parseAt(event.memory.bytes, start, end)).map(({ key, value }) => ({ key, value })),
  )
