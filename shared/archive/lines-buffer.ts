const LINE_FEED = 0x0a
/** The most UTF-8 bytes for one UTF-16 unit. */
const MAX_BYTES_PER_UNIT = 3

/**
 * Lines as UTF-8 bytes, each ended by a line feed, encoded as they are added: kept as strings until
 * complete, they would be most of the garbage collector's work.
 */
export class LinesBuffer {
  #bytes: Buffer
  #length = 0
  #lines = 0

  /** @param expectedBytes initial size; grows as needed */
  constructor(expectedBytes: number) {
    this.#bytes = Buffer.allocUnsafe(expectedBytes)
  }

  /** Complete lines so far. */
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

  /** Everything written, not copied. */
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
