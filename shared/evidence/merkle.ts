import { hash } from 'node:crypto'
import { InvariantError } from '../domain/invariant-error.ts'

/** Bytes of a hash of the tree: SHA-256. */
export const HASH_BYTES = 32

const sha256 = (content: Buffer): Buffer => hash('sha256', content, 'buffer')

/**
 * Root of a tree without leaves, [RFC 6962, 2.1](https://www.rfc-editor.org/rfc/rfc6962#section-2.1).
 */
export const EMPTY_ROOT: Buffer = sha256(Buffer.alloc(0))

const LEAF = Buffer.of(0x00)
const NODE = Buffer.of(0x01)

/** The hash of a leaf: `SHA-256(0x00 || entry)`. */
export const leafHash = (entry: Uint8Array): Buffer => sha256(Buffer.concat([LEAF, entry]))

/** The hash of an inner node: `SHA-256(0x01 || left || right)`. */
export const nodeHash = (left: Uint8Array, right: Uint8Array): Buffer =>
  sha256(Buffer.concat([NODE, left, right]))

/** The root over perfect subtrees of falling size that lie side by side: `EMPTY_ROOT` for none. */
export const foldPeaks = (peaks: readonly Buffer[]): Buffer =>
  peaks.length === 0 ? EMPTY_ROOT : peaks.reduceRight((right, left) => nodeHash(left, right))

/** Hashes in one growing buffer: one object each would take several times the memory. */
class HashList {
  #bytes = Buffer.alloc(HASH_BYTES * 64)
  length = 0

  push(value: Uint8Array): void {
    if ((this.length + 1) * HASH_BYTES > this.#bytes.length) {
      const larger = Buffer.alloc(this.#bytes.length * 2)
      this.#bytes.copy(larger)
      this.#bytes = larger
    }
    this.#bytes.set(value, this.length * HASH_BYTES)
    this.length += 1
  }

  at(index: number): Buffer {
    if (index < 0 || index >= this.length) throw new InvariantError('a hash outside of its tree')
    return this.#bytes.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES)
  }
}

/** The largest power of two below `size`, which is at least 2. */
function splitOf(size: number): number {
  let left = 1
  while (left * 2 < size) left *= 2
  return left
}

/**
 * A tree in memory, 64 bytes a leaf: root of every size it had, and proofs between them, each in a
 * logarithmic number of steps.
 */
export class MerkleTree {
  /** Hashes of the perfect subtrees of 2^level leaves. */
  readonly #levels: HashList[] = [new HashList()]

  get size(): number {
    return this.#levels[0]?.length ?? 0
  }

  /** @param hashOfLeaf `leafHash` of the entry */
  append(hashOfLeaf: Uint8Array): void {
    let level = 0
    let value = hashOfLeaf
    for (;;) {
      this.#levels[level] ??= new HashList()
      const list = this.#level(level)
      list.push(value)
      if (list.length % 2 === 1) return
      value = nodeHash(list.at(list.length - 2), list.at(list.length - 1))
      level += 1
    }
  }

  /** The hash of a leaf. */
  leaf(index: number): Buffer {
    return this.#level(0).at(index)
  }

  /** The root over the 2^level leaves from `index` times as many on. */
  node(level: number, index: number): Buffer {
    return this.#level(level).at(index)
  }

  /** The root that the tree had at this size. */
  root(size = this.size): Buffer {
    return this.#rangeRoot(0, size)
  }

  /**
   * Hashes that lead from a leaf to the root, the leaf's side first:
   * [RFC 6962, 2.1.1](https://www.rfc-editor.org/rfc/rfc6962#section-2.1.1).
   */
  inclusionProof(index: number, size = this.size): readonly Buffer[] {
    if (index < 0 || index >= size || size > this.size)
      throw new InvariantError('a proof outside of its tree')
    return this.#path(index, 0, size)
  }

  /**
   * Hashes that show that the tree of `oldSize` leaves is the beginning of the one of `size`:
   * [RFC 6962, 2.1.2](https://www.rfc-editor.org/rfc/rfc6962#section-2.1.2).
   */
  consistencyProof(oldSize: number, size = this.size): readonly Buffer[] {
    if (oldSize < 0 || oldSize > size || size > this.size)
      throw new InvariantError('a proof outside of its tree')
    return oldSize === 0 || oldSize === size ? [] : this.#subProof(oldSize, 0, size, true)
  }

  #level(level: number): HashList {
    const list = this.#levels[level]
    if (list === undefined) throw new InvariantError('a hash outside of its tree')
    return list
  }

  /** Root over the leaves from `low` on, which is a multiple of the largest perfect subtree within. */
  #rangeRoot(low: number, high: number): Buffer {
    const peaks: Buffer[] = []
    let at = low
    while (at < high) {
      let level = 0
      let width = 1
      while (at % (width * 2) === 0 && at + width * 2 <= high) {
        width *= 2
        level += 1
      }
      peaks.push(this.#level(level).at(at / width))
      at += width
    }
    return foldPeaks(peaks)
  }

  #path(index: number, low: number, high: number): Buffer[] {
    if (high - low === 1) return []
    const middle = low + splitOf(high - low)
    return index < middle
      ? [...this.#path(index, low, middle), this.#rangeRoot(middle, high)]
      : [...this.#path(index, middle, high), this.#rangeRoot(low, middle)]
  }

  #subProof(oldSize: number, low: number, high: number, isWhole: boolean): Buffer[] {
    if (oldSize === high) return isWhole ? [] : [this.#rangeRoot(low, high)]
    const middle = low + splitOf(high - low)
    return oldSize <= middle
      ? [...this.#subProof(oldSize, low, middle, isWhole), this.#rangeRoot(middle, high)]
      : [...this.#subProof(oldSize, middle, high, false), this.#rangeRoot(low, middle)]
  }
}
