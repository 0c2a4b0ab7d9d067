import { isAscii, isUtf8 } from 'node:buffer'
import type { ExactContent } from '../domain/read-message.ts'
import { CARRIAGE_RETURN, LINE_FEED } from '../encoding/json-bytes.ts'

/** A body and its parts; encoding and line breaks of the whole body are checked only once. */
export class BodyText {
  readonly bytes: Buffer
  readonly #isUtf8: boolean
  readonly #hasLineBreak: boolean

  constructor(bytes: Buffer) {
    this.bytes = bytes
    this.#isUtf8 = isAscii(bytes) || isUtf8(bytes)
    this.#hasLineBreak = bytes.includes(LINE_FEED) || bytes.includes(CARRIAGE_RETURN)
  }

  isUtf8(start: number, end: number): boolean {
    return this.#isUtf8 || isUtf8(this.bytes.subarray(start, end))
  }

  /** A part that is JSON, as content of an archive line: unchanged if it is on one line. */
  content(bytes: Buffer): ExactContent {
    const isOneLine = !this.#hasLineBreak || !(bytes.includes(LINE_FEED) || bytes.includes(CARRIAGE_RETURN))
    return isOneLine ? { form: 'json', bytes } : { form: 'text', text: bytes.toString() }
  }
}
