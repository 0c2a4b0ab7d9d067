const FIRST_CAPACITY = 2 ** 16

/**
 * Distinct ids of 64 bits. Typed arrays, because a `Set` of a million heap numbers makes its thread
 * collect garbage for longer than it counts.
 */
export class IdSet {
  #slots = new Uint32Array(2 * FIRST_CAPACITY)
  #size = 0
  #hasZero = false

  /** @param high upper 32 bits, unsigned, as is `low`, whose bits must be as evenly spread as a digest's */
  add(high: number, low: number): void {
    // An empty slot is zero.
    if (high === 0 && low === 0) {
      if (!this.#hasZero) this.#size += 1
      this.#hasZero = true
      return
    }
    if (!insert(this.#slots, high, low)) return
    this.#size += 1
    if (this.#size * 4 > this.#slots.length) this.#grow()
  }

  get size(): number {
    return this.#size
  }

  #grow(): void {
    const old = this.#slots
    this.#slots = new Uint32Array(2 * old.length)
    for (let at = 0; at < old.length; at += 2) {
      const high = old[at] ?? 0
      const low = old[at + 1] ?? 0
      if (high !== 0 || low !== 0) insert(this.#slots, high, low)
    }
  }
}

/** @returns whether it was not there yet */
function insert(slots: Uint32Array, high: number, low: number): boolean {
  const mask = slots.length / 2 - 1
  for (let slot = low & mask; ; slot = (slot + 1) & mask) {
    const at = 2 * slot
    if (slots[at] === high && slots[at + 1] === low) return false
    if (slots[at] === 0 && slots[at + 1] === 0) {
      slots[at] = high
      slots[at + 1] = low
      return true
    }
  }
}
