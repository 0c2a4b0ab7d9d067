import type { BytePool } from './byte-pool.ts'
import { QUOTE, ZERO } from './json-bytes.ts'
import type { Literal } from './literal.ts'

const BYTES_PER_WORD = 4
/** Words may be written so far past the last byte of what is copied. */
const SPARE_BYTES = BYTES_PER_WORD - 1
/** Up to this size, copying word by word is faster than a call. */
const MAX_BYTES_BY_WORDS = 48
/** The same for writing characters one by one. */
const MAX_CHARACTERS = 16
const MAX_BYTES_PER_UNIT = 3
const EMPTY = Buffer.alloc(0)
const NO_WORDS = new DataView(new ArrayBuffer(0))

/** Replaces released memory, so that use after release throws instead of corrupting data. */
const RELEASED = new Proxy(EMPTY, {
  get() {
    throw new Error('Memory was used after its release.')
  },
})

/**
 * An append-only buffer that grows. Offsets stay valid as it grows; views (`subarray`) do not see
 * later writes.
 */
export class ByteWriter {
  bytes: Buffer = EMPTY
  length = 0
  /** Of the same memory. */
  #words: DataView = NO_WORDS
  readonly #expectedBytes: number
  readonly #pool: BytePool | undefined

  /**
   * @param expectedBytes initial capacity, allocated with the first byte; grows as needed
   * @param pool source of the memory; default: newly allocated
   */
  constructor(expectedBytes: number, pool?: BytePool) {
    this.#expectedBytes = expectedBytes
    this.#pool = pool
  }

  /** Returns the memory to its pool; it and its views must not be used any more. */
  release(): void {
    if (this.bytes !== EMPTY) this.#pool?.give(this.bytes)
    this.bytes = RELEASED
    this.#words = NO_WORDS
  }

  byte(byte: number): void {
    if (this.length + BYTES_PER_WORD > this.bytes.length) this.#grow(1)
    this.bytes[this.length++] = byte
  }

  /** Copies what another writer, or this one, has written between two offsets. */
  copy(source: ByteWriter, start: number, end: number): void {
    const count = end - start
    if (this.length + count + SPARE_BYTES > this.bytes.length) this.#grow(count)
    let at = this.length
    this.length = at + count
    if (count <= MAX_BYTES_BY_WORDS) {
      const from = source.#words
      const to = this.#words
      for (let i = start; i < end; i += BYTES_PER_WORD, at += BYTES_PER_WORD)
        to.setInt32(at, from.getInt32(i, true), true)
    } else if (source === this) this.bytes.copyWithin(at, start, end)
    else source.bytes.copy(this.bytes, at, start, end)
  }

  all(source: Uint8Array): void {
    const count = source.length
    if (this.length + count + SPARE_BYTES > this.bytes.length) this.#grow(count)
    this.bytes.set(source, this.length)
    this.length += count
  }

  literal({ length, words }: Literal): void {
    if (this.length + length + SPARE_BYTES > this.bytes.length) this.#grow(length)
    const to = this.#words
    let at = this.length
    this.length = at + length
    for (let i = 0; i < words.length; i += 1, at += BYTES_PER_WORD) to.setInt32(at, words[i] as number, true)
  }

  /** Appends text as UTF-8. */
  text(text: string): void {
    const most = text.length * MAX_BYTES_PER_UNIT
    if (this.length + most + SPARE_BYTES > this.bytes.length) this.#grow(most)
    this.length += this.bytes.write(text, this.length)
  }

  /** Appends text that is all ASCII; faster than `text`. */
  ascii(text: string): void {
    const count = text.length
    if (this.length + count + SPARE_BYTES > this.bytes.length) this.#grow(count)
    const { bytes } = this
    let at = this.length
    this.length = at + count
    if (count > MAX_CHARACTERS) bytes.write(text, at, 'latin1')
    else for (let i = 0; i < count; i += 1) bytes[at++] = text.charCodeAt(i)
  }

  /** Appends text that is all ASCII and needs no escapes, as JSON. */
  quoted(text: string): void {
    this.byte(QUOTE)
    this.ascii(text)
    this.byte(QUOTE)
  }

  /** Appends an integer in decimal. */
  integer(value: number): void {
    if (value < 0 || value > Number.MAX_SAFE_INTEGER) {
      this.ascii(String(value))
      return
    }
    let digits = 1
    for (let bound = 10; value >= bound; bound *= 10) digits += 1
    if (this.length + digits + SPARE_BYTES > this.bytes.length) this.#grow(digits)
    let rest = value
    for (let at = this.length + digits - 1; at >= this.length; at -= 1) {
      const tens = Math.floor(rest / 10)
      this.bytes[at] = ZERO + (rest - tens * 10)
      rest = tens
    }
    this.length += digits
  }

  /** A view of everything from `start` on. */
  since(start: number): Buffer {
    return this.bytes.subarray(start, this.length)
  }

  #grow(bytes: number): void {
    const usual = this.bytes.length === 0 ? this.#expectedBytes + SPARE_BYTES : this.bytes.length * 2
    const size = Math.max(this.length + bytes + SPARE_BYTES, usual)
    const larger = this.#pool?.take(size) ?? Buffer.alloc(size)
    this.bytes.copy(larger, 0, 0, this.length)
    this.bytes = larger
    this.#words = new DataView(larger.buffer, larger.byteOffset, larger.length)
  }
}
