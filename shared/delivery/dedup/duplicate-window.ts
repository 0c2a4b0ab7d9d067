import type { ArchivedEvent } from '../../domain/exported-event.ts'
import type { Position } from '../../domain/position.ts'
import { RecentIds } from './recent-ids.ts'

export interface WindowLimits {
  readonly maxIds: number
  readonly maxAgeMs: number
}

export const WINDOW_LIMITS: WindowLimits = { maxIds: 50_000, maxAgeMs: 3_600_000 }

/** More partitions than any hub has. */
const MAX_STREAMS = 10_000

/**
 * Event ids recently delivered to a sink, with the origin of each. An event whose id is known from
 * *another* position is a duplicate; the same position is not, since the host reruns batches.
 *
 * All memory is allocated up front, since steady load fills it within minutes: 3 MB for 50,000 ids,
 * in typed arrays. Libraries for this (`lru-cache`, `mnemonist`) keep keys and values as objects:
 * 14 MB, growing until they are full.
 */
export class DuplicateWindow {
  readonly #limits: WindowLimits
  readonly #sequenceNumbers: Float64Array
  readonly #enqueuedAtMs: Float64Array
  readonly #ordinals: Float64Array
  readonly #settledAtMs: Float64Array
  readonly #streams: Uint16Array
  readonly #streamOf = new Map<string, number>()
  #ids: RecentIds

  constructor(limits: WindowLimits = WINDOW_LIMITS) {
    const { maxIds } = limits
    this.#limits = limits
    this.#sequenceNumbers = new Float64Array(maxIds)
    this.#enqueuedAtMs = new Float64Array(maxIds)
    this.#ordinals = new Float64Array(maxIds)
    this.#settledAtMs = new Float64Array(maxIds)
    this.#streams = new Uint16Array(maxIds)
    this.#ids = new RecentIds(maxIds)
  }

  isDuplicate({ event, position, ordinal }: ArchivedEvent, nowMs: number): boolean {
    const slot = this.#ids.find(event.eventId)
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
      const slot = this.#ids.touch(event.eventId)
      this.#sequenceNumbers[slot] = position.sequenceNumber
      this.#enqueuedAtMs[slot] = position.enqueuedAt
      this.#ordinals[slot] = ordinal
      this.#settledAtMs[slot] = nowMs
      this.#streams[slot] = stream
    }
  }

  #numberOf(position: Position): number {
    const key = streamKey(position)
    const known = this.#streamOf.get(key)
    if (known !== undefined) return known
    if (this.#streamOf.size >= MAX_STREAMS) {
      // Forgetting costs duplicates; confusing two streams would lose events.
      this.#streamOf.clear()
      this.#ids = new RecentIds(this.#limits.maxIds)
    }
    const number = this.#streamOf.size
    this.#streamOf.set(key, number)
    return number
  }
}

const streamKey = ({ namespace, hub, partition }: Position): string => `${namespace}\n${hub}\n${partition}`
