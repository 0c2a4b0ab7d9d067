import { BACKSLASH, FIRST_BEYOND_ASCII, QUOTE } from './json-bytes.ts'
import { parseAt, textEnd } from './written-json.ts'

/** Up to so many, moving each to its place takes less than the engine's way. */
const MAX_INSERTED = 16

function compareDecoded(bytes: Buffer, a: number, b: number): number {
  const x = parseAt(bytes, a, textEnd(bytes, a)) as string
  const y = parseAt(bytes, b, textEnd(bytes, b)) as string
  return x < y ? -1 : x > y ? 1 : 0
}

const isAscii = (byte: number): boolean => byte < FIRST_BEYOND_ASCII && byte !== BACKSLASH

/** Orders two strings by UTF-16 code units, as RFC 8785 orders names. */
function compareTexts(bytes: Buffer, a: number, b: number): number {
  for (let i = 1; ; i += 1) {
    const x = bytes[a + i] as number
    const y = bytes[b + i] as number
    if (!isAscii(x) || !isAscii(y)) return compareDecoded(bytes, a, b)
    if (x === QUOTE || y === QUOTE) return x === y ? 0 : x === QUOTE ? -1 : 1
    if (x !== y) return x - y
  }
}

/**
 * Offsets of texts, put in order. Lists within lists are parts of one, from an index to its end:
 * a list for each object of each record would be most of what making ids allocates.
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

  /** Puts those from an index on in the order of the strings that begin at them; stable. */
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
