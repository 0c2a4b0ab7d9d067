const SMALLEST_BYTES = 64 * 1024

/** A size that many needs share. */
const roundedUp = (bytes: number): number => 2 ** Math.ceil(Math.log2(Math.max(bytes, SMALLEST_BYTES)))

/**
 * Memory that is used again: the system hands out new memory zeroed, page by page, which costs more
 * than most of what is done with it.
 */
export class BytePool {
  readonly #maxKeptBytes: number
  #keptBytes = 0
  /** Oldest first. */
  readonly #kept: Buffer[] = []

  constructor(maxKeptBytes: number) {
    this.#maxKeptBytes = maxKeptBytes
  }

  /** At least so many bytes, whatever they hold. */
  take(bytes: number): Buffer {
    const size = roundedUp(bytes)
    const index = this.#kept.findLastIndex(({ length }) => length === size)
    if (index === -1) return Buffer.allocUnsafeSlow(size)
    this.#keptBytes -= size
    return this.#kept.splice(index, 1)[0] as Buffer
  }

  /** Takes back what `take` gave, for others to overwrite. */
  give(memory: Buffer): void {
    if (memory.length > this.#maxKeptBytes) return
    this.#kept.push(memory)
    this.#keptBytes += memory.length
    while (this.#keptBytes > this.#maxKeptBytes) this.#keptBytes -= this.#kept.shift()?.length ?? 0
  }
}
