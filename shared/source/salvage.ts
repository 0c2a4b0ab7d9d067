import { CLOSE_ARRAY, COMMA, OPEN_ARRAY, OPEN_OBJECT, QUOTE, trimSpace } from './json-bytes.ts'
import { nextObjectNamed } from './record-name.ts'
import { structureEnd } from './structure-end.ts'
import type { Violation } from './value-check.ts'

/** How many times its own length a body may cost in searches that find nothing. */
const SEARCHES_PER_BODY = 16

/** Where a broken element ends, and where the next one begins. */
export interface Gap {
  readonly end: number
  readonly next: number
}

/** Finds where a broken element ends, so that it does not take its neighbours down. */
export class Salvage {
  readonly #bytes: Buffer
  #searchableBytes: number

  constructor(bytes: Buffer) {
    this.#bytes = bytes
    this.#searchableBytes = bytes.length * SEARCHES_PER_BODY
  }

  /**
   * @param name the first name of the broken record, or of the one before it
   * @param inList whether a bracket closes the list around it
   */
  gap(start: number, violation: Violation, name: Buffer | undefined, inList: boolean): Gap {
    const bytes = this.#bytes
    const first = bytes[start]
    if (first !== OPEN_OBJECT && first !== OPEN_ARRAY && first !== QUOTE) return this.#stray(start, inList)
    const next = this.#nextRecord(start, violation, name)
    const end = structureEnd(bytes, start, next ?? bytes.length)
    if (end > start) return { end, next: end }
    if (next === undefined) return { end: bytes.length, next: bytes.length }
    return { end: this.#beforeComma(start, next), next }
  }

  #nextRecord(start: number, violation: Violation, name: Buffer | undefined): number | undefined {
    if (violation.objectInPlaceOfName && violation.at > start) return violation.at
    if (name === undefined || this.#searchableBytes <= 0) return undefined
    const from = Math.max(violation.suspectFrom, start + 1)
    const found = nextObjectNamed(this.#bytes, name, from)
    this.#searchableBytes -= (found ?? this.#bytes.length) - from
    return found
  }

  #beforeComma(start: number, next: number): number {
    const end = trimSpace(this.#bytes, start, next)
    return this.#bytes[end - 1] === COMMA ? trimSpace(this.#bytes, start, end - 1) : end
  }

  /** Text where a value should begin: up to what may be the next value. */
  #stray(start: number, inList: boolean): Gap {
    const bytes = this.#bytes
    let i = start + 1
    for (; i < bytes.length; i += 1) {
      const byte = bytes[i]
      if (byte === COMMA || byte === OPEN_OBJECT || byte === OPEN_ARRAY || byte === QUOTE) break
      if (inList && byte === CLOSE_ARRAY) break
    }
    return { end: trimSpace(bytes, start, i), next: i }
  }
}
