import {
  CLOSE_ARRAY,
  COMMA,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
  skipSpace,
  trimSpace,
} from '../encoding/json-bytes.ts'
import { nextObjectNamed } from './record-name.ts'
import { headlessObjectEnd, structureEnd } from './structure-end.ts'
import { ValueCheck, type Violation } from './value-check.ts'

/** Limit for searches for the next record, as a multiple of the body's length. */
const SEARCHES_PER_BODY = 16

/** Where a broken element ends, and where the next one begins. */
export interface Gap {
  readonly end: number
  readonly next: number
  /** Whether no end was found, so that it takes the rest of the body. */
  readonly isRest: boolean
}

/** A broken element of a list. */
export interface Breakage {
  readonly start: number
  readonly violation: Violation
  /** Names with which its neighbours may start, the likeliest first. */
  readonly names: readonly Buffer[]
  /** Whether the list around it ends with a bracket. */
  readonly inList: boolean
}

const upTo = (end: number): Gap => ({ end, next: end, isRest: false })

/** Finds where a broken element ends, so that its neighbours can still be read. */
export class Salvage {
  readonly #bytes: Buffer
  #searchableBytes: number

  constructor(bytes: Buffer) {
    this.#bytes = bytes
    this.#searchableBytes = bytes.length * SEARCHES_PER_BODY
  }

  /**
   * The element ends, in order of preference: at its own closing bracket or quote, if a comma or
   * another value follows; before the next record; by brackets alone; with the body.
   */
  gap(broken: Breakage): Gap {
    const bytes = this.#bytes
    const { start } = broken
    const next = this.#nextRecord(broken)
    const limit = next ?? bytes.length
    const hasBrackets = bytes[start] === OPEN_OBJECT || bytes[start] === OPEN_ARRAY
    const own =
      hasBrackets || bytes[start] === QUOTE ? structureEnd(bytes, start, limit) : this.#strayEnd(broken)
    if (own > start && this.#isClean(own) && this.#isListUpTo(own, next)) return upTo(own)
    if (next !== undefined) return { end: this.#beforeComma(start, next), next, isRest: false }
    const end = hasBrackets ? own : headlessObjectEnd(bytes, start, limit)
    return end > start ? upTo(end) : { end: bytes.length, next: bytes.length, isRest: true }
  }

  /** Whether an element that ends here is followed by what may follow it in a list. */
  #isClean(end: number): boolean {
    const follower = this.#bytes[skipSpace(this.#bytes, end)]
    return (
      follower === undefined || follower === COMMA || follower === OPEN_OBJECT || follower === CLOSE_ARRAY
    )
  }

  /**
   * Whether only whole values lie between this end and the next record; if not, the end is probably
   * a bracket inside a string that lost its quotes.
   */
  #isListUpTo(end: number, next: number | undefined): boolean {
    if (next === undefined) return true
    const check = new ValueCheck(this.#bytes)
    let at = this.#skipBetween(end)
    while (at < next) {
      const valueEnd = check.end(at)
      if (valueEnd < 0) return false
      at = this.#skipBetween(valueEnd)
    }
    return at === next
  }

  /** Skips white space and commas. */
  #skipBetween(from: number): number {
    let at = skipSpace(this.#bytes, from)
    while (this.#bytes[at] === COMMA) at = skipSpace(this.#bytes, at + 1)
    return at
  }

  #nextRecord({ start, violation, names }: Breakage): number | undefined {
    if (violation.objectInPlaceOfName && violation.at > start) return violation.at
    const from = Math.max(violation.suspectFrom, start + 1)
    for (const name of names) {
      if (this.#searchableBytes <= 0) return undefined
      const found = nextObjectNamed(this.#bytes, name, from)
      this.#searchableBytes -= (found ?? this.#bytes.length) - from
      if (found !== undefined) return found
    }
    return undefined
  }

  #beforeComma(start: number, next: number): number {
    const end = trimSpace(this.#bytes, start, next)
    return this.#bytes[end - 1] === COMMA ? trimSpace(this.#bytes, start, end - 1) : end
  }

  /** End of stray text in place of a value: up to what may start the next value. */
  #strayEnd({ start, inList }: Breakage): number {
    const bytes = this.#bytes
    let i = start + 1
    for (; i < bytes.length; i += 1) {
      const byte = bytes[i]
      if (byte === COMMA || byte === OPEN_OBJECT || byte === OPEN_ARRAY || byte === QUOTE) break
      if (inList && byte === CLOSE_ARRAY) break
    }
    return trimSpace(bytes, start, i)
  }
}
