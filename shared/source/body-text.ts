import { isAscii, isUtf8 } from 'node:buffer'
import { CARRIAGE_RETURN, LINE_FEED } from './json-bytes.ts'

/** The text of parts of a body. What holds for the whole body is found out once. */
export class BodyText {
  readonly bytes: Buffer
  readonly #isAscii: boolean
  readonly #isUtf8: boolean
  readonly #hasLineBreak: boolean

  constructor(bytes: Buffer) {
    this.bytes = bytes
    this.#isAscii = isAscii(bytes)
    this.#isUtf8 = this.#isAscii || isUtf8(bytes)
    this.#hasLineBreak = bytes.includes(LINE_FEED) || bytes.includes(CARRIAGE_RETURN)
  }

  /** The text of a part, or `undefined` where it is not UTF-8. */
  part(start: number, end: number): string | undefined {
    if (this.#isAscii) return this.bytes.toString('latin1', start, end)
    if (!this.#isUtf8 && !isUtf8(this.bytes.subarray(start, end))) return undefined
    return this.bytes.toString('utf8', start, end)
  }

  isOneLine(text: string): boolean {
    return !this.#hasLineBreak || !/[\r\n]/.test(text)
  }
}
