import { digest } from '../domain/digest.ts'
import { type Fault, recordFault } from '../domain/fault.ts'
import { isJsonObject, type Json } from '../domain/json.ts'
import type { ReadRecord, RecordReading } from '../domain/read-message.ts'
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

type Understood = Pick<ReadRecord, 'content' | 'reading'>

function understand(body: BodyText, bytes: Buffer, range: RecordRange, settings: SourceSettings): Understood {
  const { start, end, depth, state } = range
  const text = body.part(start, end)
  if (text === undefined) {
    return {
      content: { form: 'base64', text: bytes.toString('base64') },
      reading: faulty(unreadable('notUtf8')),
    }
  }
  const value = state === 'intact' ? parseJson(text) : undefined
  if (value === undefined) return { content: { form: 'text', text }, reading: faulty(unreadable(state)) }
  const standsInLine = depth <= MAX_DEPTH && body.isOneLine(text)
  return {
    content: standsInLine ? { form: 'json', bytes } : { form: 'text', text },
    reading: readingOf(value, depth, settings),
  }
}

/** Reads one record: its exact bytes, and what they say. */
export function readRecord(
  body: BodyText,
  range: RecordRange,
  ordinal: number,
  settings: SourceSettings,
): ReadRecord {
  const { start, end } = range
  const bytes = body.bytes.subarray(start, end)
  const { content, reading } = understand(body, bytes, range, settings)
  return { ordinal, bytes: bytes.length, digest: digest(bytes), content, reading }
}
