import { at, isObject, type Json, type JsonObject, text } from './json.ts'
import { parseBytes } from './parse-bytes.ts'

/** A blob of the archive, no longer compressed. */
export interface StoredBlob {
  readonly name: string
  readonly content: Uint8Array
}

/** A line of the archive, parsed only by its documented format. */
export interface ArchiveLine {
  /** The whole line, with `blob` and `line` as its address. */
  readonly says: JsonObject
  readonly kind: 'event' | 'fault' | 'skipped'
  readonly blob: string
  readonly line: number
  readonly partition: string
  readonly sequenceNumber: number
  /** The position of its message in the stream. */
  readonly position: string
  /** Only for events. */
  readonly eventId: string
  readonly ordinal: number
  /** Bytes of the record, or of a message that could not be split. */
  readonly content: Uint8Array
}

/**
 * The position of a message, unique across re-creations of the hub: numbers restart, time continues.
 */
export const positionOf = (partition: string, sequenceNumber: number, enqueuedAtMs: number): string =>
  `${partition}/${sequenceNumber}@${enqueuedAtMs}`

/** The key of a line, as used by outbox, dead letters and receivers. */
export const pointerTo = (blob: Json | undefined, line: Json | undefined): string =>
  `${text(blob)}#${text(line)}`

function contentOf(bytes: Buffer, says: JsonObject): Uint8Array {
  const whole = says['recordText'] ?? says['body']
  if (whole !== undefined) return Buffer.from(text(whole))
  const base64 = says['recordBase64'] ?? says['bodyBase64']
  if (base64 !== undefined) return Buffer.from(text(base64), 'base64')
  const end = bytes.length - 1
  return bytes.subarray(end - Number(says['recordBytes'] ?? 0), end)
}

function archiveLine(bytes: Buffer, blob: string, line: number): ArchiveLine {
  const value = parseBytes(bytes)?.value
  if (!isObject(value)) throw new Error(`Line ${line} of ${blob} is not a JSON object.`)
  const partition = text(at(value, 'position.partition'))
  const sequenceNumber = Number(at(value, 'position.sequenceNumber'))
  const enqueuedAtMs = Date.parse(text(at(value, 'position.enqueuedAt')))
  return {
    says: { ...value, blob, line },
    kind: isObject(value['skipped']) ? 'skipped' : isObject(value['event']) ? 'event' : 'fault',
    blob,
    line,
    partition,
    sequenceNumber,
    position: positionOf(partition, sequenceNumber, enqueuedAtMs),
    eventId: text(value['eventId']),
    ordinal: Number(value['ordinal'] ?? 0),
    content: contentOf(bytes, value),
  }
}

/** @throws Error for an incomplete line, or one that is not a JSON object */
export function archiveLines({ name, content: bytes }: StoredBlob): readonly ArchiveLine[] {
  const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const lines: ArchiveLine[] = []
  let start = 0
  for (let end = content.indexOf(0x0a); end !== -1; end = content.indexOf(0x0a, start)) {
    lines.push(archiveLine(content.subarray(start, end), name, lines.length))
    start = end + 1
  }
  if (start < content.length) throw new Error(`The last line of ${name} is incomplete.`)
  return lines
}
