import { type Fault, recordFault } from '../domain/fault.ts'
import type { ReadRecord, RecordReading } from '../domain/read-message.ts'
import { digest } from '../encoding/digest.ts'
import { isJsonObject, type Json } from '../encoding/json.ts'
import { OPEN_OBJECT } from '../encoding/json-bytes.ts'
import type { BodyText } from './body-text.ts'
import type { Bytes } from './fields.ts'
import { normalise, type ReadingContext, recordTooDeep } from './normalise.ts'
import { parseJson } from './parse-json.ts'
import { decodeNestedJson, parseEscapedObject } from './parse-nested-json.ts'
import type { RecordRange, RecordState } from './record-range.ts'
import { MAX_DEPTH } from './value-check.ts'
import { type Walk, walkAt, walkOf } from './walk.ts'

const whyUnreadable: Readonly<Record<RecordState | 'notUtf8', string>> = {
  intact: 'The record is not JSON.',
  broken: 'The record is not JSON; where it ends was told by what follows it.',
  cutOff:
    'The message ends before its list of records does: it was cut off, and this is what is left of its end.',
  surplus:
    'The message has more records than a message of its size can have; this is the rest of it, unread.',
  notUtf8: 'The record is not UTF-8.',
}

const unreadable = (why: keyof typeof whyUnreadable): Fault =>
  recordFault('recordNotJson', `${whyUnreadable[why]} Check what writes to this event hub.`)

const faulty = (fault: Fault): RecordReading => ({ status: 'fault', fault, origin: 'stream' })

const notObject = (): Fault =>
  recordFault('recordNotObject', 'The record is not an object. Check what writes to this event hub.')

const readingOf = (source: Bytes, walk: Walk, depth: number, context: ReadingContext): RecordReading =>
  normalise(context.memory.outer.at(source, walk), depth, context)

/** Reads an object from JSON text that was decoded or rewritten. */
const readingOfText = (json: string, depth: number, context: ReadingContext): RecordReading => {
  const { memory } = context.memory
  return readingOf(memory, walkOf(memory, json), depth, context)
}

/** Reads a record that is a string containing an object; any other value is a fault. */
function readingOfOther(value: Json, depth: number, context: ReadingContext): RecordReading {
  const inner = decodeNestedJson(value)
  if (isJsonObject(inner)) return readingOfText(JSON.stringify(inner), depth, context)
  return faulty(depth > MAX_DEPTH ? recordTooDeep() : notObject())
}

/** The members of a record that is strict JSON without long numbers; else `undefined`. */
function walkOfRange({ bytes }: BodyText, range: RecordRange): Walk | undefined {
  const { start, end, state, depth, members, isLenient, hasLongNumber } = range
  if (state !== 'intact' || depth > MAX_DEPTH || isLenient || hasLongNumber) return undefined
  return bytes[start] === OPEN_OBJECT ? (members ?? walkAt(bytes, start, end)) : undefined
}

type Understood = Pick<ReadRecord, 'content' | 'reading'>

function understand(body: BodyText, bytes: Buffer, range: RecordRange, context: ReadingContext): Understood {
  const { start, end, depth, state, hasLongNumber } = range
  if (!body.isUtf8(start, end)) {
    return {
      content: { form: 'base64', text: bytes.toString('base64') },
      reading: faulty(unreadable('notUtf8')),
    }
  }
  const walk = walkOfRange(body, range)
  if (walk !== undefined)
    return { content: body.content(bytes), reading: readingOf(body, walk, depth, context) }
  const text = bytes.toString()
  const plain = state === 'intact' ? parseJson(text, hasLongNumber) : undefined
  if (plain === undefined) {
    const record = parseEscapedObject(text)
    const reading =
      record === undefined ? faulty(unreadable(state)) : readingOfText(JSON.stringify(record), 0, context)
    return { content: { form: 'text', text }, reading }
  }
  return {
    content: plain.isJson && depth <= MAX_DEPTH ? body.content(bytes) : { form: 'text', text },
    reading:
      plain.text.charCodeAt(0) === OPEN_OBJECT
        ? readingOfText(plain.text, depth, context)
        : readingOfOther(plain.value, depth, context),
  }
}

/** Reads and normalises one record, keeping its exact bytes. */
export function readRecord(
  body: BodyText,
  range: RecordRange,
  ordinal: number,
  context: ReadingContext,
): ReadRecord {
  const { start, end } = range
  const bytes = body.bytes.subarray(start, end)
  const { content, reading } = understand(body, bytes, range, context)
  return { ordinal, bytes: bytes.length, digest: () => digest(bytes), content, reading }
}
