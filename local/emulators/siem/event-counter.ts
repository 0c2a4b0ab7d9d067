import type { Reply } from '../http/reply.ts'

/** Of distinct ids: a hundred and fifty bytes each. */
const MAX_IDS = 5_000_000
/** Of remembered requests. */
const MAX_REQUEST_IDS = 100_000

/** Counts what was stored, by itself, whatever the sender believes. */
export class EventCounter {
  readonly #times = new Map<string, number>()
  readonly #requestIds = new Set<string>()
  #received = 0
  #repeated = 0

  get received(): number {
    return this.#received
  }

  get repeatedRequests(): number {
    return this.#repeated
  }

  get times(): ReadonlyMap<string, number> {
    return this.#times
  }

  /** Whether a request of this id was stored before. */
  isRepeated(requestId: string): boolean {
    const repeated = this.#requestIds.has(requestId)
    if (repeated) this.#repeated += 1
    return repeated
  }

  /** Why no more events can be counted one by one. */
  fullness(): Reply | undefined {
    return this.#times.size < MAX_IDS ? undefined : { status: 507, reason: 'too many distinct events' }
  }

  /** Takes the events of a stored request. */
  add(requestId: string, ids: readonly string[]): void {
    this.#remember(requestId)
    this.#received += ids.length
    for (const id of ids) this.#times.set(id, (this.#times.get(id) ?? 0) + 1)
  }

  #remember(requestId: string): void {
    this.#requestIds.add(requestId)
    if (this.#requestIds.size <= MAX_REQUEST_IDS) return
    for (const oldest of this.#requestIds) {
      this.#requestIds.delete(oldest)
      return
    }
  }
}
