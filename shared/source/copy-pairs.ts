import type { EventFields, Slot } from '../domain/event-fields.ts'
import { PAIR_KEY, PAIR_VALUE } from '../domain/pair-json.ts'
import type { ByteWriter } from '../encoding/byte-writer.ts'
import { isAt } from '../encoding/bytes-at.ts'
import { BACKSLASH, CLOSE_ARRAY, CLOSE_OBJECT, COMMA, OPEN_ARRAY, QUOTE } from '../encoding/json-bytes.ts'
import { plainStringEnd, tidyJsonEnd } from '../encoding/tidy-json.ts'

const KEY = Buffer.from('{"Key":')
const VALUE = Buffer.from(',"Value":')
const SLASH = 0x2f

/** Appends the decoded content of a string; false if it has escapes other than `\"` and `\/`. */
function copyText(memory: ByteWriter, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    let byte = memory.bytes[at] as number
    if (byte === BACKSLASH) {
      at += 1
      byte = memory.bytes[at] as number
      if (byte !== QUOTE && byte !== SLASH) return false
    }
    memory.byte(byte)
  }
  return true
}

/** Appends a list of Entra's pairs with our key names; false if it has any other form. */
function copyList(memory: ByteWriter, start: number, end: number): boolean {
  if (memory.bytes[start] !== OPEN_ARRAY) return false
  memory.byte(OPEN_ARRAY)
  let at = start + 1
  while (at < end) {
    const { bytes } = memory
    const key = at + KEY.length
    const keyEnd = isAt(bytes, at, KEY) ? plainStringEnd(bytes, key) : -1
    if (keyEnd === -1 || !isAt(bytes, keyEnd, VALUE)) return false
    const value = keyEnd + VALUE.length
    const valueEnd = tidyJsonEnd(bytes, value)
    if (valueEnd === -1 || bytes[valueEnd] !== CLOSE_OBJECT) return false
    memory.literal(PAIR_KEY)
    memory.copy(memory, key, keyEnd)
    memory.literal(PAIR_VALUE)
    memory.copy(memory, value, valueEnd + 1)
    const next = memory.bytes[valueEnd + 1]
    if (next === CLOSE_ARRAY) {
      memory.byte(CLOSE_ARRAY)
      return valueEnd + 2 === end
    }
    if (next !== COMMA) return false
    memory.byte(COMMA)
    at = valueEnd + 2
  }
  return false
}

/**
 * Fast path: sets the pairs of `additionalInfo` from bytes in exactly Entra's form,
 * `[{"Key":…,"Value":…}]` or a string that contains that.
 * @returns false for any other form; nothing is set then
 */
export function copyPairs(event: EventFields, slot: Slot, start: number, end: number): boolean {
  const { memory } = event
  const { length } = memory
  let [from, to] = [start, end]
  if (memory.bytes[start] === QUOTE && copyText(memory, start + 1, end - 1)) {
    from = length
    to = memory.length
  }
  const pairsStart = memory.length
  if (copyList(memory, from, to)) {
    event.written(slot, pairsStart)
    return true
  }
  memory.length = length
  return false
}
