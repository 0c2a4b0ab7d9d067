import { MessageLines } from '../../archive/line.ts'
import { MessagePlace } from '../../domain/flat-event.ts'
import { instant } from '../../domain/identifiers.ts'
import type { Position } from '../../domain/position.ts'
import type { ByteWriter } from '../../encoding/byte-writer.ts'
import { type Digest, digest, digestOf } from '../../encoding/digest.ts'
import { COMMA, isDigit, ZERO } from '../../encoding/json-bytes.ts'
import type { SourceSettings } from '../../source/source-settings.ts'
import type { Rereading } from './rereading.ts'

/** A line that is byte for byte what this program writes of its record. */
export interface SameLine {
  readonly kind: 'event' | 'fault'
  readonly position: Position
  readonly ordinal: number
  readonly of: number
  /** Of the record's bytes. */
  readonly digest: Digest
}

const ORDINAL = Buffer.from(',"ordinal":')
const ORIGIN = Buffer.from(',"origin":')
const RECORD_BYTES = Buffer.from(',"recordBytes":')
const RECORD = Buffer.from(',"record":')
const CLOSE_BYTES = '}'.length

/** What the lines of one message share. */
interface MessageOfLines {
  readonly lines: MessageLines
  readonly position: Position
  readonly of: number
  place: MessagePlace | undefined
}

/** The members of a line up to its origin. */
interface Head {
  readonly position: Position
  readonly bodyBytes: number
  readonly bodyDigest: Digest
  readonly of: number
}

const areTexts = (...values: readonly unknown[]): boolean =>
  values.every((value) => typeof value === 'string')

const areCounts = (...values: readonly unknown[]): boolean => values.every(Number.isSafeInteger)

/** Only types are checked: what is written of it is compared with the line. */
function parseHead(line: Buffer): Head | undefined {
  const end = line.indexOf(ORIGIN)
  if (end === -1) return undefined
  try {
    const { position, bodyBytes, bodyDigest, of } = JSON.parse(`${line.toString('utf8', 0, end)}}`)
    const enqueuedAt = Date.parse(position.enqueuedAt)
    const { namespace, hub, partition, sequenceNumber, offset } = position
    const isTyped =
      areTexts(namespace, hub, partition, offset, bodyDigest) && areCounts(sequenceNumber, bodyBytes, of)
    if (Number.isNaN(enqueuedAt) || !isTyped) return undefined
    const place = { ...position, enqueuedAt: instant(enqueuedAt) }
    return { position: place, bodyBytes, bodyDigest: digestOf(bodyDigest), of }
  } catch {
    return undefined
  }
}

/** The number at this offset; 0 if there is none. */
function numberAt(line: Buffer, at: number): number {
  let value = 0
  for (let i = at; isDigit(line[i]); i += 1) value = value * 10 + (line[i] as number) - ZERO
  return value
}

/**
 * Where the record begins, if the first member that looks like its size is that. What the record is
 * taken for is compared with the line, so that a wrong guess is only another line.
 */
function recordStart(line: Buffer, from: number): number | undefined {
  const size = line.indexOf(RECORD_BYTES, from)
  if (size === -1) return undefined
  const recordBytes = numberAt(line, size + RECORD_BYTES.length)
  const start = line.byteLength - CLOSE_BYTES - recordBytes
  return start > size && line[start - RECORD.length] === COMMA ? start : undefined
}

/**
 * Recognises lines by writing them again. A line is wholly determined by its message's head, its
 * ordinal, its record and the app's settings: so one that is the same bytes has the right digest,
 * ids, event and counts, and nothing of it needs to be parsed.
 */
export class SameLines {
  readonly #rereading: Rereading
  /** Of the line before. */
  #message: MessageOfLines | undefined

  constructor(rereading: Rereading) {
    this.#rereading = rereading
  }

  /** @returns `undefined` if the line is another, or has its record as text */
  same(line: Buffer, settings: SourceSettings): SameLine | undefined {
    const message = this.#messageOf(line)
    if (message === undefined) return undefined
    const { lines, position, of } = message
    const ordinalAt = lines.head.byteLength + ORDINAL.length
    const start = recordStart(line, ordinalAt)
    if (start === undefined) return undefined
    const bytes = line.subarray(start, line.byteLength - CLOSE_BYTES)
    const record = this.#rereading.read(bytes, position.enqueuedAt, settings)
    const { reading } = record
    if (reading.status === 'skipped' || record.content.form !== 'json') return undefined
    const { written } = this.#rereading
    written.length = 0
    const ordinal = numberAt(line, ordinalAt)
    const ofRecord = digest(bytes)
    const { content } = record
    const placed = { ordinal, bytes: bytes.length, digest: () => ofRecord, content, reading }
    if (reading.status === 'fault') lines.fault(placed, reading)
    else {
      const { fields } = reading.event
      placeIn(fields.memory, message).of(fields, ordinal, ofRecord, 0)
      lines.event(placed, reading.event)
    }
    const length = written.length - '\n'.length
    const isSame = length === line.byteLength && written.bytes.compare(line, 0, length, 0, length) === 0
    return isSame ? { kind: reading.status, position, ordinal, of, digest: ofRecord } : undefined
  }

  #messageOf(line: Buffer): MessageOfLines | undefined {
    const known = this.#message
    if (known !== undefined) {
      const { head } = known.lines
      if (head.compare(line, 0, Math.min(head.byteLength, line.byteLength)) === 0) return known
    }
    const head = parseHead(line)
    if (head === undefined) return undefined
    const { position, bodyBytes, bodyDigest, of } = head
    const lines = new MessageLines(
      { position, bodyBytes, bodyDigest: () => bodyDigest },
      of,
      this.#rereading.written,
    )
    this.#message = { lines, position, of, place: undefined }
    return this.#message
  }
}

function placeIn(memory: ByteWriter, message: MessageOfLines): MessagePlace {
  if (message.place?.memory !== memory) message.place = new MessagePlace(memory, message.position, message.of)
  return message.place
}
