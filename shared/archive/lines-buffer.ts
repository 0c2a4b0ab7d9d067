const LINE_FEED = 0x0a
/** UTF-8 takes no more for any UTF-16 unit. */
const MAX_BYTES_PER_UNIT = 3

/**
 * Lines as UTF-8 bytes, each ended by a line feed, written piece by piece as they are made. Kept as
 * texts until all of them are there, they would be most of what the garbage collector has to carry
 * about.
 */
export class LinesBuffer {
  #bytes: Buffer
  #length = 0
  #lines = 0

  /** @param expectedBytes room to begin with; more is made where it is needed */
  constructor(expectedBytes: number) {
    this.#bytes = Buffer.allocUnsafe(expectedBytes)
  }

  /** Lines ended so far. */
  get lines(): number {
    return this.#lines
  }

  text(text: string): void {
    this.#reserve(text.length * MAX_BYTES_PER_UNIT)
    this.#length += this.#bytes.write(text, this.#length)
  }

  bytes(bytes: Uint8Array): void {
    this.#reserve(bytes.byteLength)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.byteLength
  }

  endLine(): void {
    this.#reserve(1)
    this.#bytes[this.#length++] = LINE_FEED
    this.#lines += 1
  }

  /** All that was written, not copied. */
  content(): Buffer {
    return this.#bytes.subarray(0, this.#length)
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes
    if (needed <= this.#bytes.length) return
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2))
    larger.set(this.content())
    this.#bytes = larger
  }
}
