import {
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COLON,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
  skipSpace,
} from '../encoding/json-bytes.ts'
import type { MemberTape } from './member-tape.ts'
import { firstName, isRecordsName } from './record-name.ts'
import type { RecordRange, RecordState } from './record-range.ts'
import { Salvage } from './salvage.ts'
import { skipBetween } from './skip-between.ts'
import { structureEnd } from './structure-end.ts'
import { textContent } from './text-content.ts'
import { ValueCheck } from './value-check.ts'

/** Where a list of elements is: the body itself, an array in it, or `records`. */
type Place = 'body' | 'array' | 'records'

/**
 * Maximum of records per message: more than real messages have, few enough that a body of tiny
 * records cannot become archive lines of hundreds of times its size.
 */
const MAX_RECORDS = { atLeast: 1024, bytesEach: 64 } as const

/** The first name in Entra's records. */
const USUAL_FIRST_NAME = Buffer.from('"time"')

class Scan {
  readonly ranges: RecordRange[] = []
  /** Whether the body was recognised as one or more records. */
  isRecognised = false
  readonly #bytes: Buffer
  readonly #check: ValueCheck
  readonly #tape: MemberTape | undefined
  readonly #salvage: Salvage
  readonly #maxRecords: number
  readonly #mayHoldText: boolean
  #lastIntactAt = 0

  /**
   * @param mayHoldText whether to look for records in strings; only one level deep
   */
  constructor(bytes: Buffer, maxRecords: number, mayHoldText: boolean, tape: MemberTape | undefined) {
    this.#bytes = bytes
    this.#check = new ValueCheck(bytes, tape)
    this.#tape = tape
    this.#salvage = new Salvage(bytes)
    this.#maxRecords = maxRecords
    this.#mayHoldText = mayHoldText
  }

  /** @returns offset after the list */
  elements(from: number, place: Place): number {
    const bytes = this.#bytes
    let i = from
    for (;;) {
      i = skipBetween(bytes, i)
      if (i >= bytes.length) return place === 'body' ? i : this.#rest(i, 'cutOff')
      if (place !== 'body' && bytes[i] === CLOSE_ARRAY) return this.#closed(i)
      i = this.ranges.length >= this.#maxRecords - 1 ? this.#rest(i, 'surplus') : this.#element(i, place)
    }
  }

  #element(at: number, place: Place): number {
    const first = this.#bytes[at]
    if (first === OPEN_OBJECT && place !== 'records') return this.#objectOrEnvelope(at, place)
    if (first === OPEN_ARRAY && place === 'body') return this.elements(at + 1, 'array')
    const textEnd = first === QUOTE && place !== 'records' ? this.#text(at) : undefined
    if (textEnd !== undefined) return textEnd
    const tape = this.#tape
    const from = tape?.length ?? 0
    const end = this.#check.end(at)
    if (end < 0 || this.#isMemberName(end)) return this.#broken(at, place)
    this.#intact(at, end, this.#check.depth, tape && { tape, from, to: tape.length, level: 1, base: 0 })
    // A scalar as the whole body is not a record.
    this.isRecognised ||= place !== 'body'
    return end
  }

  /** Scans a string that contains records as JSON; `undefined` if it has none. */
  #text(at: number): number | undefined {
    if (!this.#mayHoldText) return undefined
    const end = this.#check.end(at)
    if (end < 0 || this.#isMemberName(end)) return undefined
    const { bytes, offsets } = textContent(this.#bytes, at, end)
    // Leaves room for one record after the string.
    const ranges = scanned(bytes, this.#maxRecords - this.ranges.length - 1, false)
    if (ranges === undefined) return undefined
    for (const range of ranges) {
      const place = { start: offsets[range.start] ?? at, end: offsets[range.end] ?? end }
      // The bytes in the body are escaped, so they are not JSON.
      this.ranges.push({ ...range, ...place, isLenient: true })
    }
    this.isRecognised = true
    return end
  }

  #objectOrEnvelope(at: number, place: Place): number {
    const bytes = this.#bytes
    let depth = 1
    let isEnvelope = false
    let namesRecords = false
    let i = at + 1
    for (;;) {
      i = skipBetween(bytes, i)
      if (bytes[i] === CLOSE_OBJECT) break
      const value = this.#check.valueOfMember(i)
      const isRecords = value >= 0 && isRecordsName(bytes, i)
      if (isRecords && bytes[value] === OPEN_ARRAY) {
        isEnvelope = true
        this.isRecognised = true
        i = this.elements(value + 1, 'records')
        continue
      }
      const textEnd = isRecords && bytes[value] === QUOTE ? this.#text(value) : undefined
      if (textEnd !== undefined) {
        isEnvelope = true
        i = textEnd
        continue
      }
      const end = value < 0 ? -1 : this.#check.end(value)
      if (end < 0) return isEnvelope ? this.#brokenEnvelope(at, i) : this.#broken(at, place)
      namesRecords ||= isRecords
      depth = Math.max(depth, this.#check.depth + 1)
      i = end
    }
    if (!isEnvelope) this.#intact(at, i + 1, depth)
    if (!namesRecords) this.isRecognised = true
    return i + 1
  }

  /** The envelope broke after its records; its rest is kept as one unread record. */
  #brokenEnvelope(start: number, at: number): number {
    if (at >= this.#bytes.length) return this.#rest(at, 'cutOff')
    const end = structureEnd(this.#bytes, start, this.#bytes.length)
    if (end <= at) return this.#rest(at, end === -1 ? 'cutOff' : 'broken')
    this.#unread(at, end, 'broken')
    return end
  }

  #closed(at: number): number {
    if (this.ranges.length === 0) this.isRecognised = true
    return at + 1
  }

  #intact(start: number, end: number, depth: number, members?: RecordRange['members']): void {
    this.#lastIntactAt = start
    const { hasLongNumber, isLenient } = this.#check
    this.ranges.push({ start, end, depth, state: 'intact', hasLongNumber, isLenient, members })
  }

  #unread(start: number, end: number, state: RecordState): void {
    this.ranges.push({
      start,
      end,
      depth: 0,
      state,
      hasLongNumber: false,
      isLenient: true,
      members: undefined,
    })
  }

  /** Whether a value that ends here is a member's name, since the brace before it is missing. */
  #isMemberName(end: number): boolean {
    return this.#bytes[end - 1] === QUOTE && this.#bytes[skipSpace(this.#bytes, end)] === COLON
  }

  #broken(start: number, place: Place): number {
    const bytes = this.#bytes
    const names = [firstName(bytes, start), firstName(bytes, this.#lastIntactAt), USUAL_FIRST_NAME]
    const { end, next, isRest } = this.#salvage.gap({
      start,
      violation: this.#check.violation,
      names: names.filter((name) => name !== undefined),
      inList: place !== 'body',
    })
    this.#unread(start, end, isRest ? 'cutOff' : 'broken')
    return next
  }

  /**
   * Keeps the rest of the body as one unread record, unless a broken one has taken it. Without any
   * record before it, the body has no records.
   */
  #rest(at: number, state: RecordState): number {
    const { length } = this.#bytes
    const last = this.ranges.at(-1)
    if (last === undefined) this.isRecognised = false
    else if (last.state === 'intact' || last.end < length) this.#unread(at, length, state)
    return length
  }
}

function scanned(
  body: Buffer,
  maxRecords: number,
  mayHoldText: boolean,
  tape?: MemberTape,
): readonly RecordRange[] | undefined {
  const start = skipBetween(body, 0)
  const first = body[start]
  if (first !== OPEN_OBJECT && first !== OPEN_ARRAY && !(mayHoldText && first === QUOTE)) return undefined
  const scan = new Scan(body, maxRecords, mayHoldText, tape)
  scan.elements(start, 'body')
  return scan.isRecognised ? scan.ranges : undefined
}

/**
 * Finds the exact bytes of every record in a body, without parsing values, in linear time. The body
 * may be an envelope (an object with `records`, case-insensitive), a record, an array of either, or
 * several of these in sequence; any of these, or the list of records, may be a string that contains
 * it as JSON. A broken part becomes a record of its own, up to the start of the next record.
 * @param tape receives the members of the records
 * @returns `undefined` if no records are found
 */
export const scanRecords = (body: Buffer, tape?: MemberTape): readonly RecordRange[] | undefined =>
  scanned(body, MAX_RECORDS.atLeast + Math.floor(body.length / MAX_RECORDS.bytesEach), true, tape)
