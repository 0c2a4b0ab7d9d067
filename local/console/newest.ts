import type { Evidence } from './stack-state.ts'

/** The latest arrivals at the hub, in whatever order partitions are read. Bounded. */
export class Newest<T extends Evidence> {
  readonly #max: number
  /** Ascending by arrival. */
  readonly #kept: T[] = []

  constructor(max: number) {
    this.#max = max
  }

  add(candidate: T): void {
    let at = this.#kept.length
    while (at > 0 && (this.#kept[at - 1]?.enqueuedAt ?? 0) > candidate.enqueuedAt) at -= 1
    this.#kept.splice(at, 0, candidate)
    if (this.#kept.length > this.#max) this.#kept.shift()
  }

  /** Newest first. */
  all(): readonly T[] {
    return this.#kept.toReversed()
  }
}
