import type { Walk } from './walk.ts'

const INTS = 5

/** The members of one object as offsets, and which of them have been read. */
export class Members {
  count = 0
  /** Added to each offset. */
  base = 0
  #isRead = new Uint8Array(64)
  #offsets = new Int32Array(INTS * 64)

  /** Copies the members of an object from a tape. */
  take({ tape, from, to, level, base }: Walk): void {
    this.count = 0
    this.base = base
    this.#isRead.fill(0)
    for (let i = from; i < to; i += 1) {
      if (tape.level(i) < level) break
      if (tape.level(i) > level) continue
      const at = this.count * INTS
      if (at === this.#offsets.length) {
        const larger = new Int32Array(at * 2)
        larger.set(this.#offsets)
        this.#offsets = larger
        this.#isRead = new Uint8Array(larger.length / INTS)
      }
      this.#offsets[at] = tape.nameStart(i)
      this.#offsets[at + 1] = tape.nameEnd(i)
      this.#offsets[at + 2] = tape.valueStart(i)
      this.#offsets[at + 3] = tape.valueEnd(i)
      this.#offsets[at + 4] = i
      this.count += 1
    }
  }

  /** Offset of a name's opening quote. */
  nameStart(member: number): number {
    return this.base + (this.#offsets[member * INTS] as number)
  }

  nameEnd(member: number): number {
    return this.base + (this.#offsets[member * INTS + 1] as number)
  }

  valueStart(member: number): number {
    return this.base + (this.#offsets[member * INTS + 2] as number)
  }

  valueEnd(member: number): number {
    return this.base + (this.#offsets[member * INTS + 3] as number)
  }

  read(member: number): void {
    this.#isRead[member] = 1
  }

  isRead(member: number): boolean {
    return this.#isRead[member] === 1
  }

  /** Index on the tape. */
  onTape(member: number): number {
    return this.#offsets[member * INTS + 4] as number
  }
}
