import {
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
  skipSpace,
} from '../encoding/json-bytes.ts'
import type { MemberTape } from './member-tape.ts'
import { isJsonWord, isLongNumber, stringEnd, wordOrNumberEnd } from './scalar-end.ts'
import { structureEnd } from './structure-end.ts'

/** Maximum levels of nesting; a deeper record is kept as text and not read. */
export const MAX_DEPTH = 64

/** Limit of failed searches for the end of a too deep value; each scans the rest of the body. */
const MAX_FAILED_DEEP_SEARCHES = 4

/** Members of this many outer levels of objects are recorded. */
const NOTED_LEVELS = 2

// Scratch of one call of `end`, which calls none within: arrays of its own would cost a record 3 %.
/** Tape index of the open member at each level. */
const memberAt = new Int32Array(NOTED_LEVELS + 1)
/** For each level: 1 if an object is open, 0 if an array is. */
const isObject = new Uint8Array(MAX_DEPTH + 1)

/** Where a value stopped being JSON. */
export interface Violation {
  readonly at: number
  /**
   * Start of the last string that was read: if a quote is missing, it may have swallowed the start of
   * the next record.
   */
  readonly suspectFrom: number
  /** Whether an object starts where a name is due, as after a missing closing brace. */
  readonly objectInPlaceOfName: boolean
}

/**
 * Checks JSON, strict or lenient (`plain-json.ts`), value by value, without parsing it. Records
 * the members of the two outermost levels of objects on a tape.
 */
export class ValueCheck {
  readonly #bytes: Buffer
  readonly #tape: MemberTape | undefined
  #lastStringAt = 0
  #lastStringEnd = -1
  #violationAt = 0
  #nameMissing = false
  #deepSearchesLeft = MAX_FAILED_DEEP_SEARCHES
  /** Whether any value so far has a number that a double may not hold. */
  hasLongNumber = false
  /** Whether any value so far is only lenient JSON: a raw control character, or `NaN`. */
  isLenient = false
  /** Levels of the last value: 0 for a scalar, more than `MAX_DEPTH` if too deep to check fully. */
  depth = 0

  constructor(bytes: Buffer, tape?: MemberTape) {
    this.#bytes = bytes
    this.#tape = tape
  }

  /** Why `end` returned -1. */
  get violation(): Violation {
    const at = this.#violationAt
    return {
      at,
      suspectFrom: this.#lastStringAt,
      objectInPlaceOfName: this.#nameMissing && this.#bytes[at] === OPEN_OBJECT,
    }
  }

  /** Offset after the value at `at`, or -1 if it is not JSON. Does not skip leading white space. */
  end(at: number): number {
    const bytes = this.#bytes
    this.depth = 0
    let level = 0
    let i = at
    for (;;) {
      const byte = bytes[i] ?? 0
      if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
        if (level === MAX_DEPTH) {
          i = this.#tooDeep(i)
          if (i < 0) return -1
        } else {
          level += 1
          if (level > this.depth) this.depth = level
          isObject[level] = byte === OPEN_OBJECT ? 1 : 0
          i = skipSpace(bytes, i + 1)
          const closes = bytes[i] === (byte === OPEN_OBJECT ? CLOSE_OBJECT : CLOSE_ARRAY)
          if (level <= NOTED_LEVELS) memberAt[level] = -1
          if (!closes) {
            if (byte === OPEN_OBJECT) i = this.#member(i, level)
            if (i < 0) return -1
            continue
          }
        }
      } else {
        i = byte === QUOTE ? this.#string(i) : this.#wordOrNumber(i)
        if (i < 0) return this.#fail(~i)
      }
      for (;;) {
        if (level === 0) return i
        if (level <= NOTED_LEVELS) this.#closeMember(level, i)
        i = skipSpace(bytes, i)
        const next = bytes[i]
        if (next === COMMA) {
          i = skipSpace(bytes, i + 1)
          if (isObject[level] === 1) i = this.#member(i, level)
          if (i < 0) return -1
          break
        }
        if (next !== (isObject[level] === 1 ? CLOSE_OBJECT : CLOSE_ARRAY)) return this.#fail(i)
        level -= 1
        i += 1
      }
    }
  }

  /** Offset of the value of the member whose name starts at `at`, or -1. */
  valueOfMember(at: number): number {
    const bytes = this.#bytes
    if (bytes[at] !== QUOTE) return this.#fail(at, true)
    const name = this.#string(at)
    if (name < 0) return this.#fail(~name)
    const colon = skipSpace(bytes, name)
    if (bytes[colon] !== COLON) return this.#fail(colon)
    return skipSpace(bytes, colon + 1)
  }

  #member(at: number, level: number): number {
    const value = this.valueOfMember(at)
    if (level <= NOTED_LEVELS && value >= 0 && this.#tape !== undefined)
      memberAt[level] = this.#tape.open(level, at, this.#lastStringEnd, value)
    return value
  }

  #closeMember(level: number, valueEnd: number): void {
    const member = memberAt[level] as number
    if (member >= 0) this.#tape?.close(member, valueEnd)
  }

  #string(at: number): number {
    this.#lastStringAt = at
    const end = stringEnd(this.#bytes, at, this)
    this.#lastStringEnd = end
    return end
  }

  #wordOrNumber(at: number): number {
    const end = wordOrNumberEnd(this.#bytes, at)
    this.hasLongNumber ||= isLongNumber(this.#bytes, at, end)
    this.isLenient ||= !isJsonWord(this.#bytes, at)
    return end
  }

  #fail(at: number, nameMissing = false): -1 {
    this.#violationAt = at
    this.#nameMissing = nameMissing
    return -1
  }

  #tooDeep(at: number): number {
    this.depth = MAX_DEPTH + 1
    if (this.#deepSearchesLeft > 0) {
      const end = structureEnd(this.#bytes, at, this.#bytes.length)
      if (end > at) return end
      this.#deepSearchesLeft -= 1
    }
    return this.#fail(at)
  }
}
