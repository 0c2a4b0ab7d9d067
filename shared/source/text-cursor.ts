const ZERO = 0x30

/** Reads a short text from left to right; once something is not as expected, `failed` stays set. */
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

  /** How many characters have been read. */
  get offset(): number {
    return this.#at
  }

  /** Takes one character where it comes next. */
  takes(character: string): boolean {
    if (this.#text.charCodeAt(this.#at) !== character.charCodeAt(0)) return false
    this.#at += 1
    return true
  }

  expect(character: string): void {
    if (!this.takes(character)) this.failed = true
  }

  /** Whether all of the text has been read as expected. */
  get done(): boolean {
    return !this.failed && this.#at === this.#text.length
  }
}
