import type { Instant } from '../domain/identifiers.ts'
import type { ReadRecord, RecordReading } from '../domain/read-message.ts'
import { BodyText } from './body-text.ts'
import { BYTES_PER_BODY_BYTE, type EventMemory, eventMemory, placeOnce } from './event-memory.ts'
import { readRecord } from './read-record.ts'
import type { RecordRange } from './record-range.ts'
import type { SourceSettings } from './source-settings.ts'
import { ValueCheck } from './value-check.ts'

/**
 * Reads an archived record again with current code and settings. Unlike `readMessage`, it always
 * treats the bytes as one record, even with a member `records`.
 * @param bytes exact bytes of the record
 * @param enqueuedAt enqueued time of its message
 * @param memory receives the fields of the event
 */
export function rereadWhole(
  bytes: Uint8Array,
  enqueuedAt: Instant,
  settings: SourceSettings,
  memory: EventMemory = eventMemory(bytes.byteLength * BYTES_PER_BODY_BYTE),
): ReadRecord {
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const { tape } = memory
  tape.length = 0
  const check = new ValueCheck(body, tape)
  const isIntact = check.end(0) === body.length
  const { depth, hasLongNumber, isLenient } = check
  // No spread: it would take a tenth of the time of reading a record.
  const range: RecordRange = {
    start: 0,
    end: body.length,
    depth,
    state: isIntact ? 'intact' : 'broken',
    hasLongNumber,
    isLenient,
    members: { tape, from: 0, to: tape.length, level: 1, base: 0 },
  }
  const context = { enqueuedAt, settings, memory, place: placeOnce(memory, body) }
  return readRecord(new BodyText(body), range, 0, context)
}

/** How an archived record reads now: `rereadWhole` without its content. */
export const rereadRecord = (
  ...[bytes, enqueuedAt, settings, memory]: Parameters<typeof rereadWhole>
): RecordReading => rereadWhole(bytes, enqueuedAt, settings, memory).reading
