const SMALLEST_BYTES = 64 * 1024

/** A power of two, so that buffers can be reused for similar sizes. */
const roundedUp = (bytes: number): number => 2 ** Math.ceil(Math.log2(Math.max(bytes, SMALLEST_BYTES)))

/** Reuses buffers: fresh memory is zeroed page by page, which costs more than most work on it. */
export class BytePool {
  readonly #maxKeptBytes: number
  #keptBytes = 0
  /** Oldest first. */
  readonly #kept: Buffer[] = []

  constructor(maxKeptBytes: number) {
    this.#maxKeptBytes = maxKeptBytes
  }

  /** A buffer of at least this size, with arbitrary content. */
  take(bytes: number): Buffer {
    const size = roundedUp(bytes)
    const index = this.#kept.findLastIndex(({ length }) => length === size)
    if (index === -1) return Buffer.allocUnsafeSlow(size)
    this.#keptBytes -= size
    return this.#kept.splice(index, 1)[0] as Buffer
  }

  /** Returns a buffer to the pool; the caller must not use it any more. */
  give(memory: Buffer): void {
    if (memory.length > this.#maxKeptBytes) return
    this.#kept.push(memory)
    this.#keptBytes += memory.length
    while (this.#keptBytes > this.#maxKeptBytes) this.#keptBytes -= this.#kept.shift()?.length ?? 0
  }
}
