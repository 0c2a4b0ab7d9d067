import type { ByteWriter } from './byte-writer.ts'
import { CLOSE_ARRAY, CLOSE_OBJECT, COMMA, OPEN_ARRAY, OPEN_OBJECT } from './json-bytes.ts'
import { TextOrder } from './text-order.ts'
import { textEnd, valueEnd } from './written-json.ts'

const order = new TextOrder()

function appendObject(memory: ByteWriter, at: number): number {
  const { bytes } = memory
  const names = order.length
  let i = at + 1
  while (bytes[i] !== CLOSE_OBJECT) {
    order.push(i)
    i = valueEnd(bytes, textEnd(bytes, i) + 1)
    if (bytes[i] === COMMA) i += 1
  }
  order.sort(names, bytes)
  memory.byte(OPEN_OBJECT)
  for (let n = names; n < order.length; n += 1) {
    if (n > names) memory.byte(COMMA)
    const name = order.at(n)
    const end = textEnd(memory.bytes, name)
    memory.copy(memory, name, end + 1)
    appendCanonical(memory, end + 1)
  }
  order.length = names
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
 * Appends the canonical form, [RFC 8785](https://www.rfc-editor.org/rfc/rfc8785), of the value at
 * `at` in the same buffer, which is written as `JSON.stringify` does. The RFC rejects lone
 * surrogates; here they stay escaped, since one record must not stop a batch.
 * @returns offset after the source value
 */
export function appendCanonical(memory: ByteWriter, at: number): number {
  const first = memory.bytes[at]
  if (first === OPEN_OBJECT) return appendObject(memory, at)
  if (first === OPEN_ARRAY) return appendArray(memory, at)
  const end = valueEnd(memory.bytes, at)
  memory.copy(memory, at, end)
  return end
}
