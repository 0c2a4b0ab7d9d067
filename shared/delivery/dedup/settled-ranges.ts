import type { Position } from '../../domain/position.ts'
import { advance, includes, mergeRanges, type PositionRange, type SettledRanges } from './settled-range.ts'

/** One partition of one hub. */
export type PartitionRef = Pick<Position, 'namespace' | 'hub' | 'partition'>

/** Settled ranges of all sinks for one partition, as stored. */
export interface StoredRanges {
  readonly bySink: ReadonlyMap<string, SettledRanges>
  readonly etag: string | undefined
  /** The stored row was not written by this program: treated as empty, and replaced. */
  readonly isUnreadable?: true
}

/** Stores settled ranges, one row per partition. */
export interface SettledRangeStore {
  read(partition: PartitionRef): Promise<StoredRanges>
  /** Compare-and-swap; `undefined` if another writer came first. */
  write(partition: PartitionRef, settledRanges: StoredRanges): Promise<string | undefined>
}

const keyOf = ({ namespace, hub, partition }: PartitionRef): string => `${namespace}/${hub}/${partition}`

/**
 * Two processes share a partition only briefly: more lost races are rare and only cost duplicates.
 */
const MAX_TRIES = 5

const UNREADABLE = new Error('What is stored cannot be read, counts as none and is replaced.')
const EMPTY: StoredRanges = { bySink: new Map(), etag: undefined }

/**
 * Remembers up to where each sink is settled. Settled ranges only save work: a failed read or write
 * costs duplicates, never events, and fails no batch.
 */
export class SettledRangeTracker {
  readonly #store: SettledRangeStore
  readonly #onProblem: (doing: 'read' | 'write', cause: unknown) => void
  readonly #known = new Map<string, StoredRanges>()
  /** Partitions of which more is known than could be written. */
  readonly #unwritten = new Set<string>()
  readonly #lastSeen = new Map<string, number>()

  constructor(store: SettledRangeStore, onProblem: (doing: 'read' | 'write', cause: unknown) => void) {
    this.#store = store
    this.#onProblem = onProblem
  }

  /** The ranges that apply to a batch starting here; reads the store only after a gap. */
  async before(first: Position): Promise<StoredRanges> {
    const key = keyOf(first)
    const known = this.#known.get(key)
    if (known !== undefined && this.#lastSeen.get(key) === first.sequenceNumber - 1) return known
    try {
      const read = await this.#store.read(first)
      if (read.isUnreadable) this.#onProblem('read', UNREADABLE)
      return this.#learn(key, read)
    } catch (cause) {
      this.#onProblem('read', cause)
      return known ?? EMPTY
    }
  }

  /** Records that a range is settled at these sinks, if any. */
  async settled(range: PositionRange, sinks: readonly string[]): Promise<void> {
    const key = keyOf(range.first)
    this.#lastSeen.set(key, range.last.sequenceNumber)
    if (sinks.length === 0) return
    let current = this.#known.get(key) ?? EMPTY
    let bySink = new Map(current.bySink)
    try {
      for (let tries = 0; tries < MAX_TRIES; tries++) {
        bySink = new Map(current.bySink)
        for (const sink of sinks) bySink.set(sink, advance(bySink.get(sink), range))
        const etag = await this.#store.write(range.first, { bySink, etag: current.etag })
        if (etag !== undefined) {
          this.#known.set(key, { bySink, etag })
          this.#unwritten.delete(key)
          return
        }
        current = this.#learn(key, await this.#store.read(range.first))
        const won = current.bySink
        if (sinks.every((sink) => includes(won.get(sink), range))) return
      }
    } catch (cause) {
      // It is settled, written or not: should the batch run again, its sinks need not get it again.
      this.#known.set(key, { bySink, etag: current.etag })
      this.#unwritten.add(key)
      this.#onProblem('write', cause)
    }
  }

  /** Notes what is stored, and keeps what could not be. */
  #learn(key: string, read: StoredRanges): StoredRanges {
    const own = this.#unwritten.has(key) ? this.#known.get(key)?.bySink : undefined
    const bySink = new Map(read.bySink)
    for (const [sink, ranges] of own ?? []) bySink.set(sink, mergeRanges(bySink.get(sink), ranges))
    const known = { ...read, bySink }
    this.#known.set(key, known)
    return known
  }
}
