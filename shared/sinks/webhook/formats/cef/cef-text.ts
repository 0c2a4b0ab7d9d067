import type { ByteWriter } from '../../../../encoding/byte-writer.ts'
import { BACKSLASH, QUOTE } from '../../../../encoding/json-bytes.ts'
import { parseText } from '../../../../encoding/written-json.ts'

// Common Event Format, ArcSight's "Implementing ArcSight Common Event Format (CEF)", version 26.

/** Control characters have no escape, except line breaks in extensions. */
const CONTROL = /\p{Cc}/gu

const asJsonEscape = (control: string): string => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`

/** A header field: a pipe ends it, and it cannot hold line breaks. */
export const headerText = (text: string): string => text.replace(/[\\|]/g, '\\$&').replace(CONTROL, ' ')

/** The value of an extension: an equals sign would begin the next one. */
export const extensionText = (text: string): string =>
  text.replace(/[\\=]/g, '\\$&').replace(/\n/g, '\\n').replace(/\r/g, '\\r').replace(CONTROL, ' ')

const EQUALS = 0x3d
const DELETE = 0x7f
/** The first byte in UTF-8 of, among others, the control characters from U+0080. */
const C1 = 0xc2

/** Whether text in these bytes is the same as the value of an extension; JSON, so nothing is below a space. */
function isPlain(bytes: Buffer, start: number, end: number): boolean {
  for (let i = start; i < end; i += 1) {
    const byte = bytes[i]
    if (byte === BACKSLASH || byte === EQUALS || byte === DELETE || byte === C1) return false
  }
  return true
}

/** Writes a text or number, given as JSON, as the value of an extension. */
export function writeExtension(out: ByteWriter, memory: ByteWriter, start: number, end: number): void {
  const { bytes } = memory
  const isText = bytes[start] === QUOTE
  if (!isText) out.copy(memory, start, end)
  else if (isPlain(bytes, start, end)) out.copy(memory, start + 1, end - 1)
  else out.text(extensionText(parseText(bytes.toString('utf8', start, end))))
}

/** Writes JSON as the value of an extension; nothing of it is lost. */
export function writeExtensionJson(out: ByteWriter, memory: ByteWriter, start: number, end: number): void {
  const { bytes } = memory
  if (isPlain(bytes, start, end)) out.copy(memory, start, end)
  else out.text(extensionText(bytes.toString('utf8', start, end).replace(CONTROL, asJsonEscape)))
}
