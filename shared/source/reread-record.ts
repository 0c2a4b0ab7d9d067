import type { Instant } from '../domain/identifiers.ts'
import type { RecordReading } from '../domain/read-message.ts'
import { BodyText } from './body-text.ts'
import { readRecord } from './read-record.ts'
import type { RecordRange } from './record-range.ts'
import type { SourceSettings } from './source-settings.ts'
import { ValueCheck } from './value-check.ts'

/**
 * Reads a record again that was told apart from its message before: what it says by the code and
 * settings of the day. Other than `readMessage` it takes the bytes for one record whatever is in
 * them, as a record may well have a member `records`.
 * @param bytes exact bytes of the record
 * @param enqueuedAt when the hub took its message
 */
export function rereadRecord(
  bytes: Uint8Array,
  enqueuedAt: Instant,
  settings: SourceSettings,
): RecordReading {
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const check = new ValueCheck(body)
  const isIntact = check.end(0) === body.length
  const { depth, hasLongNumber } = check
  const range: RecordRange = isIntact
    ? { start: 0, end: body.length, depth, state: 'intact', hasLongNumber }
    : { start: 0, end: body.length, depth: 0, state: 'broken', hasLongNumber: false }
  return readRecord(new BodyText(body), range, 0, { enqueuedAt, settings }).reading
}
