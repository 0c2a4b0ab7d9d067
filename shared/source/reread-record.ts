import type { RecordReading } from '../domain/read-message.ts'
import { BodyText } from './body-text.ts'
import { readRecord } from './read-record.ts'
import type { SourceSettings } from './source-settings.ts'
import { ValueCheck } from './value-check.ts'

/**
 * Reads a record again that was told apart from its message before: what it says by the code and settings of the day. Other than
 * `readMessage` it takes the bytes for one record whatever is in them, as a record may well have a member `records`.
 * @param bytes exact bytes of the record
 * @param ordinal which record of its message it was
 */
export function rereadRecord(bytes: Uint8Array, ordinal: number, settings: SourceSettings): RecordReading {
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const check = new ValueCheck(body)
  const isIntact = check.end(0) === body.length
  const range = isIntact
    ? ({ start: 0, end: body.length, depth: check.depth, state: 'intact' } as const)
    : ({ start: 0, end: body.length, depth: 0, state: 'broken' } as const)
  return readRecord(new BodyText(body), range, ordinal, settings).reading
}
