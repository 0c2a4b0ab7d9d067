import type { ArchivedEvent } from '../domain/exported-event.ts'
import type { Fault } from '../domain/fault.ts'
import { BlobName, MessagePlace } from '../domain/flat-event.ts'
import { InvariantError } from '../domain/invariant-error.ts'
import type { Position } from '../domain/position.ts'
import type { ReadMessage, SplitMessage } from '../domain/read-message.ts'
import type { RecordTally } from '../domain/tally.ts'
import { ByteWriter } from '../encoding/byte-writer.ts'
import { type Digest, sha256Hex } from '../encoding/digest.ts'
import { blobName } from './blob-name.ts'
import { MessageLines, skippedLine, unsplitLine } from './line.ts'

/** A record that could not be normalised, with its place in the archive. */
export interface FaultyRecord {
  readonly fault: Fault
  readonly position: Position
  readonly ordinal: number
  readonly digest: Digest
  readonly blob: string
  readonly line: number
}

/** Messages of one partition that become one archive blob. */
export interface Chunk {
  readonly blob: string
  /** JSON Lines, each ended by a line feed, UTF-8, uncompressed. */
  readonly content: Buffer
  /** Hex SHA-256 of `content`. */
  readonly contentHash: string
  readonly first: Position
  readonly last: Position
  readonly messages: number
  readonly lines: number
  readonly tally: RecordTally
  readonly events: readonly ArchivedEvent[]
  readonly faults: readonly FaultyRecord[]
}

/** The blob name depends on all lines, so it is set last. */
type Unnamed<T> = Omit<T, 'blob'> & { blob: string }

const onlySkipped = (m: ReadMessage): m is SplitMessage =>
  m.status === 'split' && m.records.every((r) => r.reading.status === 'skipped')

/** A line holds its record and about twice as much derived data. */
export const LINE_BYTES_PER_BODY_BYTE = 3

const USUAL_BYTES = 8192

/** Collects the lines, events and faults of a chunk. */
class ChunkBuilder {
  readonly #lines: ByteWriter
  readonly #start: number
  lineCount = 0
  readonly events: Unnamed<ArchivedEvent>[] = []
  readonly faults: Unnamed<FaultyRecord>[] = []
  records = 0
  skipped = 0
  #skippedRun: SplitMessage[] = []

  constructor(lines: ByteWriter) {
    this.#lines = lines
    this.#start = lines.length
  }

  content(): Buffer {
    return this.#lines.since(this.#start)
  }

  add(message: ReadMessage): void {
    if (onlySkipped(message)) {
      this.#skippedRun.push(message)
      this.records += message.records.length
      this.skipped += message.records.length
      return
    }
    this.endSkippedRun()
    if (message.status === 'unsplit') this.#addUnsplit(message)
    else this.#addSplit(message)
  }

  endSkippedRun(): void {
    const [first, ...rest] = this.#skippedRun
    if (first !== undefined) this.#addLine(skippedLine([first, ...rest]))
    this.#skippedRun = []
  }

  #addLine(text: string): void {
    this.#lines.text(`${text}\n`)
    this.lineCount += 1
  }

  #addUnsplit(message: Extract<ReadMessage, { status: 'unsplit' }>): void {
    const { position, fault } = message
    const digest = message.bodyDigest()
    this.records += 1
    this.faults.push({ fault, position, ordinal: 0, digest, blob: '', line: this.lineCount })
    this.#addLine(unsplitLine(message))
  }

  #addSplit(message: SplitMessage): void {
    const write = new MessageLines(message, message.records.length, this.#lines)
    const { position, records } = message
    this.records += records.length
    let place: MessagePlace | undefined
    for (const record of records) {
      const { ordinal, reading } = record
      const line = this.lineCount
      if (reading.status === 'skipped') {
        this.skipped += 1
        continue
      }
      const digest = record.digest()
      if (reading.status === 'event') {
        const { event } = reading
        const { memory } = event.fields
        if (place?.memory !== memory) place = new MessagePlace(memory, position, records.length)
        place.of(event.fields, ordinal, digest, line)
        write.event(record, event)
        this.events.push({ event, position, ordinal, digest, blob: '', line })
      } else {
        write.fault(record, reading)
        this.faults.push({ fault: reading.fault, position, ordinal, digest, blob: '', line })
      }
      this.lineCount += 1
    }
  }
}

/**
 * Builds a chunk: blob name, lines, and the events to deliver. Deterministic.
 * @param messages messages of one partition in stream order, at least one
 * @param lines receives the content
 */
export function buildChunk(messages: readonly ReadMessage[], lines = new ByteWriter(USUAL_BYTES)): Chunk {
  const first = messages[0]?.position
  if (first === undefined) throw new InvariantError('a chunk of no messages')
  const last = messages.at(-1)?.position ?? first
  const builder = new ChunkBuilder(lines)
  for (const message of messages) builder.add(message)
  builder.endSkippedRun()

  const content = builder.content()
  const contentHash = sha256Hex(content)
  const blob = blobName({ first, lastSequenceNumber: last.sequenceNumber, contentHash })
  const { events, faults } = builder
  const naming = new BlobName(blob)
  for (const archived of events) {
    naming.of(archived.event.fields)
    archived.blob = blob
  }
  for (const faulty of faults) faulty.blob = blob
  return {
    blob,
    content,
    contentHash,
    first,
    last,
    messages: messages.length,
    lines: builder.lineCount,
    events,
    faults,
    tally: {
      records: builder.records,
      events: events.length,
      faults: faults.length,
      skipped: builder.skipped,
    },
  }
}
