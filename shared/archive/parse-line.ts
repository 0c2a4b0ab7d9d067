import type { EventSpace } from '../domain/event-fields.ts'
import type { ArchivedEvent, ExportedEvent } from '../domain/exported-event.ts'
import type { Fault } from '../domain/fault.ts'
import { archivedEvent, eventOfJson, flatEvent } from '../domain/flat-event.ts'
import { type Instant, instant } from '../domain/identifiers.ts'
import { InvariantError } from '../domain/invariant-error.ts'
import { NewerVersionError } from '../domain/newer-version-error.ts'
import type { Position } from '../domain/position.ts'
import type { Origin } from '../domain/risk-event.ts'
import type { Digest } from '../encoding/digest.ts'
import { valueEnd } from '../encoding/written-json.ts'
import type { ArchiveLine, RecordLineBase } from './archive-line.ts'

/** A line as parsed JSON. This program wrote it: its shape is trusted once its version is known. */
interface WrittenLine {
  readonly v: number
  readonly position: Omit<Position, 'enqueuedAt'> & { readonly enqueuedAt: string }
  readonly bodyBytes: number
  readonly bodyDigest: Digest
  readonly ordinal: number
  readonly of: number
  readonly origin: Origin
  readonly category?: string
  readonly digest?: Digest
  readonly eventId?: string
  readonly event?: Record<string, unknown>
  readonly fault?: Fault
  readonly recordBytes?: number
  readonly record?: unknown
  readonly recordText?: string
  readonly recordBase64?: string
  readonly body?: string
  readonly bodyBase64?: string
  readonly skipped?: {
    readonly firstSequenceNumber: number
    readonly lastSequenceNumber: number
    readonly messages: number
    readonly records: number
  }
}

const instantOf = (iso: string): Instant => instant(Date.parse(iso))

const EVENT = Buffer.from(',"event":')
const RECORD_BYTES = Buffer.from(',"recordBytes":')
const RECORD = Buffer.from(',"record":')

interface Parsed {
  readonly written: WrittenLine
  /** Where the event's JSON is; `undefined` if there is none. */
  readonly event: { readonly start: number; readonly end: number } | undefined
}

const parseWhole = (line: Buffer): WrittenLine => JSON.parse(line.toString('utf8')) as WrittenLine

/** A line up to here, and closed there; `undefined` if that is not all of its members. */
function parseUpTo(line: Buffer, end: number): WrittenLine | undefined {
  try {
    return JSON.parse(`${line.toString('utf8', 0, end)}}`) as WrittenLine
  } catch {
    return undefined
  }
}

/**
 * Parses a line without the record behind its event: that is kept as bytes, and half of the work.
 * The first place that looks like the record's is tried: inside of the event, where it would be
 * nested, what is before it is no JSON.
 */
function parseWritten(line: Buffer): Parsed {
  const key = line.indexOf(EVENT)
  const record = line.indexOf(RECORD, key === -1 ? 0 : key)
  // Only a record can hold the key of an event unescaped as well.
  if (key === -1 || line.lastIndexOf(RECORD, key) !== -1)
    return { written: parseWhole(line), event: undefined }
  const start = key + EVENT.length
  const tried = record === -1 ? undefined : parseUpTo(line, record)
  if (tried !== undefined)
    return { written: tried, event: { start, end: line.lastIndexOf(RECORD_BYTES, record) } }
  const end = valueEnd(line, start)
  const behind = line.indexOf(RECORD, end)
  const written = (behind === -1 ? undefined : parseUpTo(line, behind)) ?? parseWhole(line)
  return { written, event: { start, end } }
}

function recordOf(line: Buffer, written: WrittenLine): Uint8Array {
  if (written.recordText !== undefined) return Buffer.from(written.recordText)
  if (written.recordBase64 !== undefined) return Buffer.from(written.recordBase64, 'base64')
  return line.subarray(line.byteLength - 1 - (written.recordBytes ?? 0), line.byteLength - 1)
}

const bodyOf = (written: WrittenLine): Uint8Array =>
  written.bodyBase64 === undefined
    ? Buffer.from(written.body ?? '')
    : Buffer.from(written.bodyBase64, 'base64')

type EventHead = RecordLineBase & {
  readonly category: string
  readonly digest: Digest
  readonly record: Uint8Array
}

/** A class: of an object with a getter of its own V8 makes a new shape each time. */
class EventLine implements EventHead {
  readonly kind = 'event'
  readonly position: Position
  readonly bodyBytes: number
  readonly bodyDigest: Digest
  readonly ordinal: number
  readonly of: number
  readonly origin: Origin
  readonly blob: string
  readonly line: number
  readonly category: string
  readonly digest: Digest
  readonly record: Uint8Array
  readonly event: ExportedEvent
  readonly #json: Uint8Array
  readonly #space: EventSpace | undefined
  #archived: ArchivedEvent | undefined

  constructor(head: EventHead, event: ExportedEvent, json: Uint8Array, space: EventSpace | undefined) {
    this.position = head.position
    this.bodyBytes = head.bodyBytes
    this.bodyDigest = head.bodyDigest
    this.ordinal = head.ordinal
    this.of = head.of
    this.origin = head.origin
    this.blob = head.blob
    this.line = head.line
    this.category = head.category
    this.digest = head.digest
    this.record = head.record
    this.event = event
    this.#json = json
    this.#space = space
  }

  get archived(): ArchivedEvent {
    const { position, ordinal, digest, blob, line } = this
    const place = { position, ordinal, digest, blob, line }
    this.#archived ??= archivedEvent(flatEvent(this.event, this.#json, this.#space), place, this.of)
    return this.#archived
  }
}

/**
 * Parses one line of an archive blob of version 1.
 * @param bytes the line without its line feed
 * @param space where to keep its event's fields; default: the event's own
 * @throws NewerVersionError for a line of a later version; InvariantError for a line that this
 * program did not write
 */
export function parseLine(bytes: Buffer, blob: string, line: number, space?: EventSpace): ArchiveLine {
  const { written, event: eventAt } = parseWritten(bytes)
  if (written.v > 1)
    throw new NewerVersionError(`archive line of version ${written.v}: this program reads version 1`)
  if (written.v !== 1) throw new InvariantError('an archive line without a version')
  const position: Position = { ...written.position, enqueuedAt: instantOf(written.position.enqueuedAt) }
  if (written.skipped !== undefined) return { kind: 'skipped', position, ...written.skipped, blob, line }

  const { bodyBytes, bodyDigest, ordinal, of, origin, category, digest, event, fault } = written
  const base = { position, bodyBytes, bodyDigest, ordinal, of, origin, blob, line }
  if (event !== undefined && eventAt !== undefined && digest !== undefined) {
    // A copy: a view would keep the whole block the line was read in alive as long as the event.
    const json = Buffer.from(bytes.subarray(eventAt.start, eventAt.end))
    const head = { ...base, category: category ?? '', digest, record: recordOf(bytes, written) }
    return new EventLine(head, eventOfJson(event), json, space)
  }
  if (fault === undefined)
    throw new InvariantError('an archive line that is neither event, fault nor skipped')
  if (digest === undefined) return { ...base, kind: 'unsplit', fault, body: bodyOf(written) }
  const faulty = { ...base, kind: 'fault' as const, digest, fault, record: recordOf(bytes, written) }
  return category === undefined ? faulty : { ...faulty, category }
}
