import { isUtf8 } from 'node:buffer'
import { type Fault, recordFault } from '../domain/fault.ts'
import type { Message } from '../domain/position.ts'
import type { ReadMessage } from '../domain/read-message.ts'
import { digest } from '../encoding/digest.ts'
import { BodyText } from './body-text.ts'
import { BYTES_PER_BODY_BYTE, type EventMemory, eventMemory, placeOnce } from './event-memory.ts'
import { parseJson } from './parse-json.ts'
import { readRecord } from './read-record.ts'
import { scanRecords } from './scan-records.ts'
import { contentStart } from './skip-between.ts'
import type { SourceSettings } from './source-settings.ts'
import { unsplitMessage } from './unsplit-message.ts'

/** Why no records were found. */
function bodyFault(body: Buffer): Fault {
  const start = contentStart(body)
  if (start >= body.length)
    return recordFault('bodyEmpty', 'The message is empty. Check what writes to this event hub.')
  if (!isUtf8(body))
    return recordFault('bodyNotUtf8', 'The message is not UTF-8 text. Check what writes to this event hub.')
  if (parseJson(body.toString('utf8', start)) === undefined)
    return recordFault('bodyNotJson', 'The message is not JSON. Check what writes to this event hub.')
  return recordFault(
    'bodyShapeUnknown',
    'The message is JSON, but neither a record nor a list of records. Check what writes to this event hub.',
  )
}

/**
 * Reads one message: finds its records, keeps the exact bytes of each, and normalises it. Never
 * throws, whatever the bytes are: what cannot be read becomes a fault with its exact bytes.
 * @param memory receives the fields of the events
 */
export function readMessage(
  message: Message,
  settings: SourceSettings,
  memory: EventMemory = eventMemory(message.body.byteLength * BYTES_PER_BODY_BYTE),
): ReadMessage {
  const { body: bytes, position } = message
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const { tape } = memory
  tape.length = 0
  const ranges = scanRecords(body, tape)
  if (ranges === undefined) return unsplitMessage(message, bodyFault(body))
  const text = new BodyText(body)
  const place = placeOnce(memory, body)
  const context = { enqueuedAt: position.enqueuedAt, settings, memory, place }
  return {
    status: 'split',
    position,
    bodyBytes: body.length,
    bodyDigest: () => digest(body),
    records: ranges.map((range, ordinal) => readRecord(text, range, ordinal, context)),
  }
}
