import type { ByteWriter } from '../../../../encoding/byte-writer.ts'
import type { Json } from '../../../../encoding/json.ts'
import { BACKSLASH, QUOTE } from '../../../../encoding/json-bytes.ts'
import type { Literal } from '../../../../encoding/literal.ts'
import { parseAt } from '../../../../encoding/written-json.ts'
import { delimitedBytes, varintBytes, writeLength, writeNumber } from './protobuf.ts'

// Fields of `AnyValue` and of what it may hold:
// https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/common/v1/common.proto
const STRING = 1
const INT = 3
const ARRAY = 5
const VALUES = 1
const KEY = 1
const VALUE = 2

/** Writes the key of an attribute, then the header of its value, of so many bytes. */
function writeKey(out: ByteWriter, field: number, key: Literal, bytes: number): void {
  writeLength(out, field, delimitedBytes(key.length) + delimitedBytes(bytes))
  writeLength(out, KEY, key.length)
  out.literal(key)
  writeLength(out, VALUE, bytes)
}

/** The attribute of a text of so many bytes, up to the text itself. */
function writeTextKey(out: ByteWriter, field: number, key: Literal, bytes: number): void {
  writeKey(out, field, key, delimitedBytes(bytes))
  writeLength(out, STRING, bytes)
}

/** An attribute that is a text. */
export function writeText(out: ByteWriter, field: number, key: Literal, text: Buffer): void {
  writeTextKey(out, field, key, text.length)
  out.all(text)
}

function writeTexts(out: ByteWriter, field: number, key: Literal, texts: readonly Buffer[]): void {
  const ofText = (text: Buffer): number => delimitedBytes(delimitedBytes(text.length))
  const length = texts.reduce((sum, text) => sum + ofText(text), 0)
  writeKey(out, field, key, delimitedBytes(length))
  writeLength(out, ARRAY, length)
  for (const text of texts) {
    writeLength(out, VALUES, delimitedBytes(text.length))
    writeLength(out, STRING, text.length)
    out.all(text)
  }
}

function hasEscape(bytes: Buffer, start: number, end: number): boolean {
  for (let i = start; i < end; i += 1) if (bytes[i] === BACKSLASH) return true
  return false
}

/**
 * An attribute whose value is this JSON: a text, a number from 0 or a list of texts. Text without
 * escapes, which is nearly all, is copied as it is.
 */
export function writeAttribute(
  out: ByteWriter,
  field: number,
  key: Literal,
  memory: ByteWriter,
  start: number,
  end: number,
): void {
  const isPlain = memory.bytes[start] === QUOTE && !hasEscape(memory.bytes, start, end)
  if (isPlain) {
    writeTextKey(out, field, key, end - start - 2)
    out.copy(memory, start + 1, end - 1)
    return
  }
  const value: Json = parseAt(memory.bytes, start, end)
  if (typeof value === 'number') {
    writeKey(out, field, key, 1 + varintBytes(value))
    writeNumber(out, INT, value)
  } else if (Array.isArray(value)) {
    writeTexts(
      out,
      field,
      key,
      value.map((one) => Buffer.from(typeof one === 'string' ? one : '')),
    )
  } else {
    writeText(out, field, key, Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)))
  }
}
