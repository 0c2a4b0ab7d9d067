/** Makes something of bytes that are often the same as the last ones. */
export class BytesMemo<T> {
  readonly #make: (text: string) => T
  #bytes: Buffer | undefined
  #made: T | undefined

  /** @param make pure; takes the bytes as text */
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
