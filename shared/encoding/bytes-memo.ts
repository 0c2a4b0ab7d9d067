import { isBetween } from './bytes-at.ts'

/** Caches the last result of a function of bytes, for inputs that often repeat. */
export class BytesMemo<T> {
  readonly #make: (text: string) => T
  #bytes: Buffer | undefined
  #made: T | undefined

  /** @param make pure; gets the bytes as UTF-8 text */
  constructor(make: (text: string) => T) {
    this.#make = make
  }

  of(bytes: Buffer, start: number, end: number): T {
    const known = this.#bytes
    if (known === undefined || this.#made === undefined || !isBetween(bytes, start, end, known)) {
      this.#bytes = Buffer.from(bytes.subarray(start, end))
      this.#made = this.#make(this.#bytes.toString())
    }
    return this.#made
  }
}
