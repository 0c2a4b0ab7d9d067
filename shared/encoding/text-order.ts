import { BACKSLASH, FIRST_NON_ASCII, QUOTE } from './json-bytes.ts'
import { parseAt, textEnd } from './written-json.ts'

/** Up to this length, insertion sort is faster than the engine's sort. */
const MAX_INSERTED = 16

function compareDecoded(bytes: Buffer, a: number, b: number): number {
  const x = parseAt(bytes, a, textEnd(bytes, a)) as string
  const y = parseAt(bytes, b, textEnd(bytes, b)) as string
  return x < y ? -1 : x > y ? 1 : 0
}

const isPlainAscii = (byte: number): boolean => byte < FIRST_NON_ASCII && byte !== BACKSLASH

/** Compares two JSON strings by UTF-16 code units, as RFC 8785 sorts names. */
function compareTexts(bytes: Buffer, a: number, b: number): number {
  for (let i = 1; ; i += 1) {
    const x = bytes[a + i] as number
    const y = bytes[b + i] as number
    if (!isPlainAscii(x) || !isPlainAscii(y)) return compareDecoded(bytes, a, b)
    if (x === QUOTE || y === QUOTE) return x === y ? 0 : x === QUOTE ? -1 : 1
    if (x !== y) return x - y
  }
}

/**
 * Sorts offsets of JSON strings by the strings. Used as a stack: nested lists share one array, each
 * from an index to the end, since an array per object would dominate the allocations for ids.
 */
export class TextOrder {
  #offsets = new Int32Array(64)
  length = 0

  push(offset: number): void {
    if (this.length === this.#offsets.length) {
      const larger = new Int32Array(this.length * 2)
      larger.set(this.#offsets)
      this.#offsets = larger
    }
    this.#offsets[this.length++] = offset
  }

  at(index: number): number {
    return this.#offsets[index] as number
  }

  /** Sorts the offsets from index `from` on by the strings at them in `bytes`; stable. */
  sort(from: number, bytes: Buffer): void {
    if (this.length - from > MAX_INSERTED) {
      this.#sortByEngine(from, bytes)
      return
    }
    const offsets = this.#offsets
    for (let i = from + 1; i < this.length; i += 1) {
      const offset = offsets[i] as number
      let at = i
      while (at > from && compareTexts(bytes, offset, offsets[at - 1] as number) < 0) {
        offsets[at] = offsets[at - 1] as number
        at -= 1
      }
      offsets[at] = offset
    }
  }

  #sortByEngine(from: number, bytes: Buffer): void {
    this.#offsets.subarray(from, this.length).sort((a, b) => compareTexts(bytes, a, b) || a - b)
  }
}
