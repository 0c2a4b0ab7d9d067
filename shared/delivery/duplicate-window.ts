import type { ArchivedEvent } from '../domain/exported-event.ts'
import type { EventId } from '../domain/identifiers.ts'

export interface WindowLimits {
  readonly maxIds: number
  readonly maxAgeMs: number
}

export const WINDOW_LIMITS: WindowLimits = { maxIds: 50_000, maxAgeMs: 3_600_000 }

/** Small, since there are many: the position is one object for all records of a message. */
interface Seen extends Pick<ArchivedEvent, 'position' | 'ordinal'> {
  readonly atMs: number
}

const isSamePlace = (a: Seen, b: Pick<ArchivedEvent, 'position' | 'ordinal'>): boolean =>
  a.ordinal === b.ordinal &&
  a.position.sequenceNumber === b.position.sequenceNumber &&
  a.position.enqueuedAt === b.position.enqueuedAt &&
  a.position.partition === b.position.partition &&
  a.position.hub === b.position.hub &&
  a.position.namespace === b.position.namespace

/**
 * Event ids that a sink got lately, with where each came from. An event whose id is known from *another* place is a repetition; the same
 * place is never its own duplicate, since that is a batch that the host runs again.
 */
export class DuplicateWindow {
  readonly #limits: WindowLimits
  readonly #seen = new Map<EventId, Seen>()

  constructor(limits: WindowLimits = WINDOW_LIMITS) {
    this.#limits = limits
  }

  isDuplicate(archived: ArchivedEvent, nowMs: number): boolean {
    const seen = this.#seen.get(archived.event.eventId)
    if (seen === undefined || nowMs - seen.atMs > this.#limits.maxAgeMs) return false
    return !isSamePlace(seen, archived)
  }

  /** To be called only once the batch of these events is settled. */
  add(events: readonly ArchivedEvent[], nowMs: number): void {
    for (const archived of events) {
      const id = archived.event.eventId
      // Deleting first moves the id to the young end of the map's order.
      this.#seen.delete(id)
      this.#seen.set(id, { position: archived.position, ordinal: archived.ordinal, atMs: nowMs })
    }
    const excess = this.#seen.size - this.#limits.maxIds
    if (excess <= 0) return
    let dropped = 0
    for (const id of this.#seen.keys()) {
      if (dropped++ >= excess) break
      this.#seen.delete(id)
    }
  }
}
