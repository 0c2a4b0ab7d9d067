import { digest } from '../domain/digest.ts'
import { type Fault, recordFault } from '../domain/fault.ts'
import { isJsonObject, type Json } from '../domain/json.ts'
import type { ExactContent, ReadRecord, RecordReading } from '../domain/read-message.ts'
import type { BodyText } from './body-text.ts'
import { normalise, recordTooDeep } from './normalise.ts'
import { parseJson } from './parse-json.ts'
import type { RecordRange, RecordState } from './record-range.ts'
import type { SourceSettings } from './source-settings.ts'
import { MAX_DEPTH } from './value-check.ts'

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

function readingOf(value: Json, depth: number, settings: SourceSettings): RecordReading {
  if (isJsonObject(value)) return normalise(value, depth, settings)
  return faulty(depth > MAX_DEPTH ? recordTooDeep() : notObject())
}

interface Understood {
  readonly content: ExactContent
  readonly reading: RecordReading
}

function understand(body: BodyText, range: RecordRange, settings: SourceSettings): Understood {
  const { start, end, depth, state } = range
  const text = body.part(start, end)
  if (text === undefined) {
    const base64 = body.bytes.toString('base64', start, end)
    return { content: { form: 'base64', text: base64 }, reading: faulty(unreadable('notUtf8')) }
  }
  const value = state === 'intact' ? parseJson(text) : undefined
  if (value === undefined) return { content: { form: 'text', text }, reading: faulty(unreadable(state)) }
  const form = depth <= MAX_DEPTH && body.isOneLine(text) ? 'json' : 'text'
  return { content: { form, text }, reading: readingOf(value, depth, settings) }
}

/** Reads one record: its exact bytes, and what they say. */
export function readRecord(
  body: BodyText,
  range: RecordRange,
  ordinal: number,
  settings: SourceSettings,
): ReadRecord {
  const { start, end } = range
  const { content, reading } = understand(body, range, settings)
  return {
    ordinal,
    bytes: end - start,
    digest: digest(body.bytes.subarray(start, end)),
    content,
    reading,
  }
}
