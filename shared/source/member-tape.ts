const INTS = 5

/** Members of objects in document order: level, and offsets of name and value. */
export class MemberTape {
  #entries = new Int32Array(INTS * 256)
  length = 0

  /** Adds a member; `close` sets the end of its value. */
  open(level: number, nameStart: number, nameEnd: number, valueStart: number): number {
    const index = this.length
    this.length += 1
    const at = index * INTS
    if (at === this.#entries.length) {
      const larger = new Int32Array(at * 2)
      larger.set(this.#entries)
      this.#entries = larger
    }
    this.#entries[at] = level
    this.#entries[at + 1] = nameStart
    this.#entries[at + 2] = nameEnd
    this.#entries[at + 3] = valueStart
    return index
  }

  close(index: number, valueEnd: number): void {
    this.#entries[index * INTS + 4] = valueEnd
  }

  level(index: number): number {
    return this.#entries[index * INTS] as number
  }

  nameStart(index: number): number {
    return this.#entries[index * INTS + 1] as number
  }

  nameEnd(index: number): number {
    return this.#entries[index * INTS + 2] as number
  }

  valueStart(index: number): number {
    return this.#entries[index * INTS + 3] as number
  }

  valueEnd(index: number): number {
    return this.#entries[index * INTS + 4] as number
  }
}
