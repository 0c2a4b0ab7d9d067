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
    if (this.#made === undefined || !this.#isSame(bytes, start, end)) {
      this.#bytes = Buffer.from(bytes.subarray(start, end))
      this.#made = this.#make(this.#bytes.toString())
    }
    return this.#made
  }

  #isSame(bytes: Buffer, start: number, end: number): boolean {
    const known = this.#bytes
    if (known?.length !== end - start) return false
    for (let i = 0; i < known.length; i += 1) if (known[i] !== bytes[start + i]) return false
    return true
  }
}
