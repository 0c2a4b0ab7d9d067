import type { EventId } from '../../domain/identifiers.ts'

/** 32-bit words per id: 128 bits of a SHA-256. */
const WORDS = 4
const HEX_DIGITS_PER_WORD = 8
/** No slot. */
const NONE = -1

/**
 * The most recent event ids, each with a slot of its own until it is forgotten, least recent first.
 * All memory is allocated up front, 32 to 36 bytes per id, and needs no garbage collection.
 */
export class RecentIds {
  readonly #maxIds: number
  readonly #words: Uint32Array
  readonly #older: Int32Array
  readonly #younger: Int32Array
  /** First slot of each bucket, and for each slot the next in its bucket. */
  readonly #heads: Int32Array
  readonly #next: Int32Array
  readonly #wanted = new Uint32Array(WORDS)
  #size = 0
  #oldest = NONE
  #youngest = NONE

  constructor(maxIds: number) {
    this.#maxIds = maxIds
    this.#words = new Uint32Array(maxIds * WORDS)
    this.#older = new Int32Array(maxIds)
    this.#younger = new Int32Array(maxIds)
    this.#next = new Int32Array(maxIds)
    this.#heads = new Int32Array(2 ** Math.ceil(Math.log2(Math.max(2, maxIds)))).fill(NONE)
  }

  /** The slot of an id, if known. */
  find(id: EventId): number | undefined {
    this.#read(id)
    for (let slot = this.#first(); slot !== NONE; slot = this.#at(this.#next, slot)) {
      if (this.#isWanted(slot)) return slot
    }
    return undefined
  }

  /** Makes an id the most recent, evicting the least recent if full; returns its slot. */
  touch(id: EventId): number {
    const known = this.find(id)
    if (known !== undefined) this.#unlink(known)
    const slot = known ?? this.#enter()
    this.#linkAsYoungest(slot)
    return slot
  }

  #enter(): number {
    const isFull = this.#size === this.#maxIds
    const slot = isFull ? this.#oldest : this.#size++
    if (isFull) {
      this.#unlink(slot)
      this.#leaveBucket(slot)
    }
    this.#words.set(this.#wanted, slot * WORDS)
    const bucket = this.#bucketOf(this.#wanted[0] ?? 0)
    this.#next[slot] = this.#at(this.#heads, bucket)
    this.#heads[bucket] = slot
    return slot
  }

  #leaveBucket(slot: number): void {
    const bucket = this.#bucketOf(this.#words[slot * WORDS] ?? 0)
    const behind = this.#at(this.#next, slot)
    if (this.#at(this.#heads, bucket) === slot) {
      this.#heads[bucket] = behind
      return
    }
    let before = this.#at(this.#heads, bucket)
    while (this.#at(this.#next, before) !== slot) before = this.#at(this.#next, before)
    this.#next[before] = behind
  }

  #unlink(slot: number): void {
    const older = this.#at(this.#older, slot)
    const younger = this.#at(this.#younger, slot)
    if (older === NONE) this.#oldest = younger
    else this.#younger[older] = younger
    if (younger === NONE) this.#youngest = older
    else this.#older[younger] = older
  }

  #linkAsYoungest(slot: number): void {
    this.#older[slot] = this.#youngest
    this.#younger[slot] = NONE
    if (this.#youngest === NONE) this.#oldest = slot
    else this.#younger[this.#youngest] = slot
    this.#youngest = slot
  }

  #read(id: EventId): void {
    for (let word = 0; word < WORDS; word++) {
      const from = word * HEX_DIGITS_PER_WORD
      this.#wanted[word] = Number.parseInt(id.slice(from, from + HEX_DIGITS_PER_WORD), 16)
    }
  }

  #isWanted(slot: number): boolean {
    for (let word = 0; word < WORDS; word++) {
      if (this.#words[slot * WORDS + word] !== this.#wanted[word]) return false
    }
    return true
  }

  #first(): number {
    return this.#at(this.#heads, this.#bucketOf(this.#wanted[0] ?? 0))
  }

  #bucketOf(word: number): number {
    return word & (this.#heads.length - 1)
  }

  #at(links: Int32Array, at: number): number {
    return links[at] ?? NONE
  }
}
