import type { ArchivedEvent } from '../../domain/exported-event.ts'
import type { EventId } from '../../domain/identifiers.ts'
import type { Position } from '../../domain/position.ts'

export interface WindowLimits {
  readonly maxIds: number
  readonly maxAgeMs: number
}

export const WINDOW_LIMITS: WindowLimits = { maxIds: 50_000, maxAgeMs: 3_600_000 }

/** More partitions than any hub has. */
const MAX_STREAMS = 10_000
/** 32-bit words per id: 128 bits of a SHA-256. */
const WORDS = 4
const HEX_DIGITS_PER_WORD = 8

/**
 * Event ids recently delivered to a sink, with the origin of each. An event whose id is known from
 * *another* position is a duplicate; the same position is not, since the host reruns batches. When
 * it is full, the id that entered first is forgotten first, however often it was seen since.
 *
 * A ring of slots with an open-addressing hash table over them. All memory is allocated up front,
 * since steady load fills it within minutes: 3 MB for 50,000 ids, in typed arrays that need no
 * garbage collection. Libraries for this (`lru-cache`, `mnemonist`) keep keys and values as
 * objects: 14 MB, growing until they are full.
 */
export class DuplicateWindow {
  readonly #limits: WindowLimits
  readonly #words: Uint32Array
  readonly #sequenceNumbers: Float64Array
  readonly #enqueuedAtMs: Float64Array
  readonly #settledAtMs: Float64Array
  readonly #ordinals: Uint32Array
  readonly #streams: Uint16Array
  /** One more than the slot of an id, in the first free bucket from its own on; 0: free. */
  readonly #buckets: Uint32Array
  readonly #wanted = new Uint32Array(WORDS)
  /** The slot that the next new id gets: once the ring is full, that of the oldest. */
  #next = 0
  #isFull = false
  readonly #streamOf = new Map<string, number>()
  #latest: { readonly position: Position; readonly stream: number } | undefined

  constructor(limits: WindowLimits = WINDOW_LIMITS) {
    const { maxIds } = limits
    this.#limits = limits
    this.#words = new Uint32Array(maxIds * WORDS)
    this.#sequenceNumbers = new Float64Array(maxIds)
    this.#enqueuedAtMs = new Float64Array(maxIds)
    this.#settledAtMs = new Float64Array(maxIds)
    this.#ordinals = new Uint32Array(maxIds)
    this.#streams = new Uint16Array(maxIds)
    // At most half full, so that probes stay short.
    this.#buckets = new Uint32Array(2 ** Math.ceil(Math.log2(maxIds * 2)))
  }

  isDuplicate({ event, position, ordinal }: ArchivedEvent, nowMs: number): boolean {
    const slot = this.#find(event.eventId)
    if (slot === undefined || nowMs - (this.#settledAtMs[slot] ?? 0) > this.#limits.maxAgeMs) return false
    const isSamePlace =
      this.#ordinals[slot] === ordinal &&
      this.#sequenceNumbers[slot] === position.sequenceNumber &&
      this.#enqueuedAtMs[slot] === position.enqueuedAt &&
      this.#streams[slot] === this.#streamOf.get(streamKey(position))
    return !isSamePlace
  }

  /** Call only once the batch of these events is settled. */
  add(events: readonly ArchivedEvent[], nowMs: number): void {
    for (const { event, position, ordinal } of events) {
      const stream = this.#numberOf(position)
      const slot = this.#find(event.eventId) ?? this.#enter()
      this.#sequenceNumbers[slot] = position.sequenceNumber
      this.#enqueuedAtMs[slot] = position.enqueuedAt
      this.#settledAtMs[slot] = nowMs
      this.#ordinals[slot] = ordinal
      this.#streams[slot] = stream
    }
  }

  /** The slot of an id, if known. */
  #find(id: EventId): number | undefined {
    for (let word = 0; word < WORDS; word++) this.#wanted[word] = wordOf(id, word)
    let bucket = this.#bucketOf(this.#wanted[0] ?? 0)
    for (let entry = this.#entryAt(bucket); entry !== 0; entry = this.#entryAt(bucket)) {
      if (this.#isWanted(entry - 1)) return entry - 1
      bucket = this.#after(bucket)
    }
    return undefined
  }

  /** Gives the id that was not found a slot, at the cost of the oldest if the ring is full. */
  #enter(): number {
    const slot = this.#next
    if (this.#isFull) this.#leaveBucket(slot)
    this.#words.set(this.#wanted, slot * WORDS)
    let bucket = this.#bucketOf(this.#wanted[0] ?? 0)
    while (this.#entryAt(bucket) !== 0) bucket = this.#after(bucket)
    this.#buckets[bucket] = slot + 1
    this.#next = (slot + 1) % this.#limits.maxIds
    this.#isFull ||= this.#next === 0
    return slot
  }

  /**
   * Frees the bucket of the oldest slot, which is its own, since only older ones can be in its way;
   * and moves up those that had to go past it.
   */
  #leaveBucket(slot: number): void {
    let free = this.#homeOf(slot)
    let bucket = this.#after(free)
    for (let entry = this.#entryAt(bucket); entry !== 0; entry = this.#entryAt(bucket)) {
      if (this.#steps(this.#homeOf(entry - 1), bucket) >= this.#steps(free, bucket)) {
        this.#buckets[free] = entry
        free = bucket
      }
      bucket = this.#after(bucket)
    }
    this.#buckets[free] = 0
  }

  #isWanted(slot: number): boolean {
    for (let word = 0; word < WORDS; word++) {
      if (this.#words[slot * WORDS + word] !== this.#wanted[word]) return false
    }
    return true
  }

  #homeOf(slot: number): number {
    return this.#bucketOf(this.#words[slot * WORDS] ?? 0)
  }

  #bucketOf(word: number): number {
    return word & (this.#buckets.length - 1)
  }

  #after(bucket: number): number {
    return this.#bucketOf(bucket + 1)
  }

  #steps(from: number, to: number): number {
    return this.#bucketOf(to - from)
  }

  #entryAt(bucket: number): number {
    return this.#buckets[bucket] ?? 0
  }

  #numberOf(position: Position): number {
    // Nearly always that of the event before: no key to put together.
    if (this.#latest !== undefined && isSameStream(this.#latest.position, position))
      return this.#latest.stream
    const stream = this.#knownOrNew(streamKey(position))
    this.#latest = { position, stream }
    return stream
  }

  #knownOrNew(key: string): number {
    const known = this.#streamOf.get(key)
    if (known !== undefined) return known
    if (this.#streamOf.size >= MAX_STREAMS) {
      // Forgetting costs duplicates; confusing two streams would lose events.
      this.#streamOf.clear()
      this.#buckets.fill(0)
      this.#next = 0
      this.#isFull = false
    }
    const number = this.#streamOf.size
    this.#streamOf.set(key, number)
    return number
  }
}

/** Some of the bits of an id; without a text of its own for each, it takes a third of the time. */
function wordOf(id: EventId, word: number): number {
  const from = word * HEX_DIGITS_PER_WORD
  let bits = 0
  for (let at = from; at < from + HEX_DIGITS_PER_WORD; at++) {
    const code = id.charCodeAt(at)
    bits = (bits << 4) | ((code & 15) + (code >> 6) * 9)
  }
  return bits
}

const isSameStream = (a: Position, b: Position): boolean =>
  a.partition === b.partition && a.hub === b.hub && a.namespace === b.namespace

const streamKey = ({ namespace, hub, partition }: Position): string => `${namespace}\n${hub}\n${partition}`
