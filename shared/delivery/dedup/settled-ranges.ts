import type { Position } from '../../domain/position.ts'
import { advance, includes, type Mark, type Stretch } from './settled-range.ts'

/** One partition of one hub. */
export type PartitionRef = Pick<Position, 'namespace' | 'hub' | 'partition'>

/** Marks of all sinks for one partition, as stored. */
export interface StoredMarks {
  readonly bySink: ReadonlyMap<string, Mark>
  readonly etag: string | undefined
  /** What is stored was written by no program of ours: it counts as none, and is replaced. */
  readonly isUnreadable?: true
}

/** Where marks are kept: one row per partition. */
export interface MarkStore {
  read(partition: PartitionRef): Promise<StoredMarks>
  /** Compare-and-swap; `undefined` when somebody else was faster. */
  write(partition: PartitionRef, marks: StoredMarks): Promise<string | undefined>
}

const keyOf = ({ namespace, hub, partition }: PartitionRef): string => `${namespace}/${hub}/${partition}`

/** A partition is in two hands at most for a moment: more losses in a row are rare, and cost no more than duplicates. */
const MAX_TRIES = 5

const UNREADABLE = new Error('What is stored cannot be read, counts as none and is replaced.')
const EMPTY: StoredMarks = { bySink: new Map(), etag: undefined }

/**
 * Remembers up to where each sink is settled. Marks save work and are never trusted with the only copy: a failed read or write costs
 * duplicates, never events, and fails no batch.
 */
export class Marks {
  readonly #store: MarkStore
  readonly #onTrouble: (doing: 'read' | 'write', cause: unknown) => void
  readonly #known = new Map<string, StoredMarks>()
  readonly #lastSeen = new Map<string, number>()

  constructor(store: MarkStore, onTrouble: (doing: 'read' | 'write', cause: unknown) => void) {
    this.#store = store
    this.#onTrouble = onTrouble
  }

  /** The marks that hold for a batch starting here: read from the store only when the stretch does not follow the last one seen. */
  async before(first: Position): Promise<StoredMarks> {
    const key = keyOf(first)
    const known = this.#known.get(key)
    if (known !== undefined && this.#lastSeen.get(key) === first.sequenceNumber - 1) return known
    try {
      const read = await this.#store.read(first)
      if (read.isUnreadable) this.#onTrouble('read', UNREADABLE)
      this.#known.set(key, read)
      return read
    } catch (cause) {
      this.#onTrouble('read', cause)
      return known ?? EMPTY
    }
  }

  /** Notes that a stretch is settled at these sinks. */
  async settled(stretch: Stretch, sinks: readonly string[]): Promise<void> {
    const key = keyOf(stretch.first)
    this.#lastSeen.set(key, stretch.last.sequenceNumber)
    let current = this.#known.get(key) ?? EMPTY
    try {
      for (let tries = 0; tries < MAX_TRIES; tries++) {
        const bySink = new Map(current.bySink)
        for (const sink of sinks) bySink.set(sink, advance(bySink.get(sink), stretch))
        const etag = await this.#store.write(stretch.first, { bySink, etag: current.etag })
        if (etag !== undefined) {
          this.#known.set(key, { bySink, etag })
          return
        }
        current = await this.#store.read(stretch.first)
        this.#known.set(key, current)
        const won = current.bySink
        if (sinks.every((sink) => includes(won.get(sink), stretch))) return
      }
    } catch (cause) {
      this.#known.delete(key)
      this.#onTrouble('write', cause)
    }
  }
}
