import type { BytePool } from './byte-pool.ts'
import { QUOTE, ZERO } from './json-bytes.ts'

/**
 * Up to these sizes a loop copies faster than a call: within one buffer, of all of another, and of
 * a part of it, where Node 20 makes a view of that part.
 */
const SHORT_BYTES = 16
const SHORT_BYTES_OF_ALL = 48
const SHORT_BYTES_BETWEEN = 80
const MAX_BYTES_PER_UNIT = 3
const EMPTY = Buffer.alloc(0)

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
  }

  byte(byte: number): void {
    if (this.length === this.bytes.length) this.#grow(1)
    this.bytes[this.length++] = byte
  }

  /** Copies bytes of `source`, which may be this writer's own. */
  copy(source: Buffer, start: number, end: number): void {
    const count = end - start
    if (this.length + count > this.bytes.length) this.#grow(count)
    // Growing leaves the old memory intact, so `source` stays readable.
    const { bytes } = this
    let at = this.length
    this.length = at + count
    if (count > SHORT_BYTES && source === bytes) bytes.copyWithin(at, start, end)
    else if (count > SHORT_BYTES_BETWEEN) source.copy(bytes, at, start, end)
    else for (let i = start; i < end; i += 1) bytes[at++] = source[i] as number
  }

  all(source: Uint8Array): void {
    const count = source.length
    if (this.length + count > this.bytes.length) this.#grow(count)
    const { bytes } = this
    let at = this.length
    this.length = at + count
    if (count > SHORT_BYTES_OF_ALL) bytes.set(source, at)
    else for (let i = 0; i < count; i += 1) bytes[at++] = source[i] as number
  }

  /** Appends text as UTF-8. */
  text(text: string): void {
    const most = text.length * MAX_BYTES_PER_UNIT
    if (this.length + most > this.bytes.length) this.#grow(most)
    this.length += this.bytes.write(text, this.length)
  }

  /** Appends text that is all ASCII; faster than `text`. */
  ascii(text: string): void {
    const count = text.length
    if (this.length + count > this.bytes.length) this.#grow(count)
    const { bytes } = this
    let at = this.length
    this.length = at + count
    if (count > SHORT_BYTES) bytes.write(text, at, 'latin1')
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
    if (this.length + digits > this.bytes.length) this.#grow(digits)
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
    const size = this.bytes.length === 0 ? this.#expectedBytes : this.bytes.length * 2
    const needed = Math.max(this.length + bytes, size)
    const larger = this.#pool?.take(needed) ?? Buffer.alloc(needed)
    this.bytes.copy(larger, 0, 0, this.length)
    this.bytes = larger
  }
}
