const ZERO = 0x30
const SPACE = 0x20
const FIRST_NON_ASCII = 0x80
const ANY_SPACE = /\s/

/** Reads a short text from left to right; after the first mismatch `failed` stays set. */
export class TextCursor {
  readonly #text: string
  #at = 0
  failed = false

  constructor(text: string) {
    this.#text = text
  }

  /** A number of at least `min` and at most `max` digits. */
  number(min: number, max: number): number {
    let value = 0
    let count = 0
    for (; count < max; count += 1) {
      const digit = this.#text.charCodeAt(this.#at + count) - ZERO
      if (!(digit >= 0 && digit <= 9)) break
      value = value * 10 + digit
    }
    if (count < min) this.failed = true
    this.#at += count
    return value
  }

  /** Number of characters read. */
  get offset(): number {
    return this.#at
  }

  /** Consumes this character if it is next; a capital letter also matches in lower case. */
  takes(character: string): boolean {
    if (this.#text.charAt(this.#at).toUpperCase() !== character) return false
    this.#at += 1
    return true
  }

  /** Consumes white space of any kind (also U+202F, U+00A0), and returns whether there was any. */
  takesSpace(): boolean {
    const start = this.#at
    for (; this.#at < this.#text.length; this.#at += 1) {
      const next = this.#text.charCodeAt(this.#at)
      const isSpace =
        next <= SPACE || (next >= FIRST_NON_ASCII && ANY_SPACE.test(this.#text.charAt(this.#at)))
      if (!isSpace) break
    }
    return this.#at > start
  }

  expect(character: string): void {
    if (!this.takes(character)) this.failed = true
  }

  /** Whether the whole text was read without a mismatch. */
  get done(): boolean {
    return !this.failed && this.#at === this.#text.length
  }
}
