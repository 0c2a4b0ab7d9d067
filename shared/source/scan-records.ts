import {
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  isSpace,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
  skipSpace,
} from './json-bytes.ts'
import { firstName, isRecordsName } from './record-name.ts'
import type { RecordRange, RecordState } from './record-range.ts'
import { Salvage } from './salvage.ts'
import { structureEnd } from './structure-end.ts'
import { ValueCheck } from './value-check.ts'

/** What a list of elements stands in: the body itself, an array there, or `records`. */
type Place = 'body' | 'array' | 'records'

/**
 * So many records a message may hold: more than any of real ones, few enough that a body of crumbs
 * cannot grow into hundreds of times its size of archive lines.
 */
const MAX_RECORDS = { atLeast: 1024, bytesEach: 64 } as const

/** With which Entra's records begin. */
const USUAL_FIRST_NAME = Buffer.from('"time"')

/** Writers are known to leave a nameless empty member behind: `"":""`. */
function junkEnd(bytes: Buffer, at: number): number {
  if (bytes[at] !== QUOTE || bytes[at + 1] !== QUOTE) return at
  const colon = skipSpace(bytes, at + 2)
  const value = skipSpace(bytes, colon + 1)
  const isJunk = bytes[colon] === COLON && bytes[value] === QUOTE && bytes[value + 1] === QUOTE
  return isJunk ? value + 2 : at
}

/** First offset from `at` on that is neither white space nor a comma nor junk between values. */
function skipBetween(bytes: Buffer, at: number): number {
  let i = at
  for (;;) {
    if (isSpace(bytes[i]) || bytes[i] === COMMA) i += 1
    else {
      const end = junkEnd(bytes, i)
      if (end === i) return i
      i = end
    }
  }
}

class Scan {
  readonly ranges: RecordRange[] = []
  /** Whether anything was found that makes the body one of records. */
  isOfRecords = false
  readonly #bytes: Buffer
  readonly #check: ValueCheck
  readonly #salvage: Salvage
  readonly #maxRecords: number
  #lastIntactAt = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
    this.#check = new ValueCheck(bytes)
    this.#salvage = new Salvage(bytes)
    this.#maxRecords = MAX_RECORDS.atLeast + Math.floor(bytes.length / MAX_RECORDS.bytesEach)
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
    const end = this.#check.end(at)
    if (end < 0 || this.#isPartOfMore(end)) return this.#broken(at, place)
    this.#intact(at, end, this.#check.depth)
    this.isOfRecords = true
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
        this.isOfRecords = true
        i = this.elements(value + 1, 'records')
        continue
      }
      const end = value < 0 ? -1 : this.#check.end(value)
      if (end < 0) return isEnvelope ? this.#brokenEnvelope(at, i) : this.#broken(at, place)
      namesRecords ||= isRecords
      depth = Math.max(depth, this.#check.depth + 1)
      i = end
    }
    if (!isEnvelope) this.#intact(at, i + 1, depth)
    if (!isEnvelope && !namesRecords) this.isOfRecords = true
    return i + 1
  }

  /** The records of the envelope are told apart; what follows them is kept as it is. */
  #brokenEnvelope(start: number, at: number): number {
    if (at >= this.#bytes.length) return this.#rest(at, 'cutOff')
    const end = structureEnd(this.#bytes, start, this.#bytes.length)
    if (end <= at) return this.#rest(at, end === -1 ? 'cutOff' : 'broken')
    this.ranges.push({ start: at, end, depth: 0, state: 'broken' })
    return end
  }

  #closed(at: number): number {
    if (this.ranges.length === 0) this.isOfRecords = true
    return at + 1
  }

  #intact(start: number, end: number, depth: number): void {
    this.#lastIntactAt = start
    this.ranges.push({ start, end, depth, state: 'intact' })
  }

  /** Whether a value that ends here is the name of a member: the brace before it is missing. */
  #isPartOfMore(end: number): boolean {
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
    this.ranges.push({ start, end, depth: 0, state: isRest ? 'cutOff' : 'broken' })
    return next
  }

  /** The rest of the body is one record that is none, unless a broken one has taken it already. With nothing before it, the whole body is broken. */
  #rest(at: number, state: RecordState): number {
    const { length } = this.#bytes
    const last = this.ranges.at(-1)
    if (last === undefined) this.isOfRecords = false
    else if (last.state === 'intact' || last.end < length)
      this.ranges.push({ start: at, end: length, depth: 0, state })
    return length
  }
}

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf])

/** Offset of the first byte of a body that says anything. */
export const contentStart = (body: Buffer): number =>
  skipBetween(body, body.subarray(0, 3).equals(BYTE_ORDER_MARK) ? 3 : 0)

/**
 * Finds the exact bytes of every record in a body, without building values. The body may be an object with `records` (however cased),
 * an array of records, of such objects, or of both, one bare record, or several of these one after the other.
 * What is broken is kept as a record of its own, up to where the next record begins. Takes time in proportion to the body's length.
 * @returns `undefined` where no records can be told apart
 */
export function scanRecords(body: Buffer): readonly RecordRange[] | undefined {
  const start = contentStart(body)
  if (body[start] !== OPEN_OBJECT && body[start] !== OPEN_ARRAY) return undefined
  const scan = new Scan(body)
  scan.elements(start, 'body')
  return scan.isOfRecords ? scan.ranges : undefined
}
