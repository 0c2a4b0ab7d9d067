import { type Fault, recordFault } from '../domain/fault.ts'
import type { Instant } from '../domain/identifiers.ts'
import type { ReadRecord, RecordReading } from '../domain/read-message.ts'
import { digest } from '../encoding/digest.ts'
import { isJsonObject, type Json } from '../encoding/json.ts'
import type { BodyText } from './body-text.ts'
import { normalise, recordTooDeep } from './normalise.ts'
import { parseJson } from './parse-json.ts'
import { parseEscapedObject, unwrapped } from './parse-nested-json.ts'
import type { RecordRange, RecordState } from './record-range.ts'
import type { SourceSettings } from './source-settings.ts'
import { MAX_DEPTH } from './value-check.ts'

/** What decides how a record is read, beside its bytes. */
export interface ReadingContext {
  /** When the hub took its message. */
  readonly enqueuedAt: Instant
  readonly settings: SourceSettings
}

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

/** @param depth of a value that was not nested in a text, which is not let in beyond the limit */
function readingOf(value: Json, depth: number, context: ReadingContext): RecordReading {
  const record = unwrapped(value)
  if (isJsonObject(record)) return normalise(record, depth, context.enqueuedAt, context.settings)
  return faulty(depth > MAX_DEPTH ? recordTooDeep() : notObject())
}

type Understood = Pick<ReadRecord, 'content' | 'reading'>

function understand(body: BodyText, bytes: Buffer, range: RecordRange, context: ReadingContext): Understood {
  const { start, end, depth, state, hasLongNumber } = range
  const text = body.part(start, end)
  if (text === undefined) {
    return {
      content: { form: 'base64', text: bytes.toString('base64') },
      reading: faulty(unreadable('notUtf8')),
    }
  }
  const parsed = state === 'intact' ? parseJson(text, hasLongNumber) : undefined
  if (parsed === undefined) {
    const record = parseEscapedObject(text)
    const reading = record === undefined ? faulty(unreadable(state)) : readingOf(record, 0, context)
    return { content: { form: 'text', text }, reading }
  }
  const standsInLine = parsed.isJson && depth <= MAX_DEPTH && body.isOneLine(text)
  return {
    content: standsInLine ? { form: 'json', bytes } : { form: 'text', text },
    reading: readingOf(parsed.value, depth, context),
  }
}

/** Reads one record: its exact bytes, and what they say. */
export function readRecord(
  body: BodyText,
  range: RecordRange,
  ordinal: number,
  context: ReadingContext,
): ReadRecord {
  const { start, end } = range
  const bytes = body.bytes.subarray(start, end)
  const { content, reading } = understand(body, bytes, range, context)
  return { ordinal, bytes: bytes.length, digest: digest(bytes), content, reading }
}
