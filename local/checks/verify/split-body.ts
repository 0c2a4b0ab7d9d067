import { isObject, type Json } from './json.ts'
import { parseBytes } from './parse-bytes.ts'

/** A record in the body of a message. */
export interface SentRecord {
  readonly start: number
  readonly end: number
  readonly bytes: Uint8Array
  readonly value: Json
}

export interface SplitBody {
  readonly records: readonly SentRecord[]
  /** `false`: the body is not JSON from here on; what follows the records is unknown. */
  readonly isComplete: boolean
}

type Within = 'body' | 'list' | 'records'

const BETWEEN = new Set(' \t\r\n,')
const BYTE_ORDER_MARK = '\xef\xbb\xbf'
const AFTER_SCALAR = /[\s,:[\]{}"]|$/g

function endOfString(text: string, start: number): number {
  if (text[start] !== '"') return -1
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === '\\') i++
    else if (text[i] === '"') return i + 1
  }
  return -1
}

/** The end of a value, found by its brackets and quotes alone. */
function endOfValue(text: string, start: number): number {
  if (text[start] === '"') return endOfString(text, start)
  if (text[start] !== '{' && text[start] !== '[') {
    AFTER_SCALAR.lastIndex = start
    return AFTER_SCALAR.exec(text)?.index ?? -1
  }
  let depth = 0
  for (let i = start; i < text.length; i++) {
    const c = text[i]
    if (c === '"') {
      i = endOfString(text, i) - 1
      if (i < 0) return -1
    } else if (c === '{' || c === '[') depth++
    else if ((c === '}' || c === ']') && --depth === 0) return i + 1
  }
  return -1
}

/**
 * Parses a body as documented: an envelope, a record, or lists or lines of these. Each method
 * returns whether it could parse to the end.
 */
class BodySplitter {
  readonly records: SentRecord[] = []
  /** Whether there is a record, or a list for records. */
  isRecognised = false
  readonly #body: Uint8Array
  /** One character per byte: the syntax of JSON is single-byte in UTF-8. */
  readonly #text: string
  #at: number

  constructor(body: Uint8Array) {
    this.#body = body
    this.#text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1')
    this.#at = this.#text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0
  }

  values(within: Within): boolean {
    this.isRecognised ||= within !== 'body'
    for (;;) {
      const c = this.#next()
      if (c === undefined) return within === 'body'
      if (c === ']') {
        this.#at++
        return within !== 'body'
      }
      if (!this.#value(c, within)) return false
    }
  }

  #next(): string | undefined {
    while (BETWEEN.has(this.#text[this.#at] ?? '')) this.#at++
    return this.#text[this.#at]
  }

  #value(first: string, within: Within): boolean {
    if (first === '[' && within === 'body') {
      this.#at++
      return this.values('list')
    }
    if (first === '{' && within !== 'records') return this.#object()
    return this.#record(this.#at, endOfValue(this.#text, this.#at), within)
  }

  /** An envelope, whose records are taken; any other object is itself a record. */
  #object(): boolean {
    const start = this.#at++
    let isEnvelope = false
    let hasOddRecords = false
    while (this.#next() !== '}') {
      const nameEnd = endOfString(this.#text, this.#at)
      const isRecords = this.#text.slice(this.#at, nameEnd).toLowerCase() === '"records"'
      this.#at = nameEnd
      if (nameEnd === -1 || this.#next() !== ':') return false
      this.#at++
      if (isRecords && this.#next() === '[') {
        isEnvelope = true
        this.#at++
        if (!this.values('records')) return false
      } else {
        this.#next()
        hasOddRecords ||= isRecords
        this.#at = endOfValue(this.#text, this.#at)
        if (this.#at === -1) return false
      }
    }
    this.#at++
    if (isEnvelope) return true
    return !hasOddRecords && this.#record(start, this.#at, 'body')
  }

  #record(start: number, end: number, within: Within): boolean {
    if (end <= start) return false
    const bytes = this.#body.subarray(start, end)
    const parsed = parseBytes(bytes)
    this.#at = end
    const after = this.#text.slice(end, end + 64).trimStart()[0]
    const isSetApart = within === 'body' || after === ',' || after === ']'
    if (parsed === undefined || !isSetApart) return false
    // JSON inside a JSON string: its records are escaped in the body.
    if (within !== 'records' && typeof parsed.value === 'string') return false
    this.isRecognised = true
    this.records.push({ start, end, bytes, value: parsed.value })
    return true
  }
}

/**
 * Splits a body into records, independently of the program. If the body is not JSON, returns the
 * objects up to the break and reports the rest as unknown.
 */
export function splitBody(body: Uint8Array): SplitBody {
  const whole = parseBytes(body)
  const splitter = new BodySplitter(body)
  const isComplete = splitter.values('body') && splitter.isRecognised && whole !== undefined
  const records = isComplete ? splitter.records : splitter.records.filter(({ value }) => isObject(value))
  return { records, isComplete }
}

/** Limit of attempts to find an object in text that is not JSON. */
const MAX_LOOKS = 1000

/** The complete objects in a piece of a body, whatever surrounds them. */
export function* objectsIn(piece: Uint8Array): Generator<Json> {
  const text = Buffer.from(piece).toString('latin1')
  let start = text.indexOf('{')
  for (let looks = 0; start !== -1 && looks < MAX_LOOKS; looks++) {
    const end = endOfValue(text, start)
    const object = end === -1 ? undefined : parseBytes(piece.subarray(start, end))
    if (object !== undefined) yield object.value
    start = text.indexOf('{', object === undefined ? start + 1 : end)
  }
}
