import type { Reply } from '../http/reply.ts'

/** Distinct event ids; about 150 bytes each. */
const MAX_IDS = 5_000_000
/** Request ids kept to recognise repetitions. */
const MAX_REQUEST_IDS = 100_000

/** Counts stored events independently of the sender. */
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

  /** Whether a request with this id was stored before. */
  isRepeated(requestId: string): boolean {
    const repeated = this.#requestIds.has(requestId)
    if (repeated) this.#repeated += 1
    return repeated
  }

  /** The refusal once the limit of distinct ids is reached. */
  fullness(): Reply | undefined {
    return this.#times.size < MAX_IDS ? undefined : { status: 507, reason: 'too many distinct events' }
  }

  /** Counts the events of a stored request. */
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
