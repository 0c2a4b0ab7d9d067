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
import { MessageLines, type SkippedRun, skippedLine, unsplitLine } from './line.ts'

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

/** Most records per archive blob: a line costs hundreds of bytes even if its record has one. */
const MAX_RECORDS = 10_000

const recordCount = (message: ReadMessage): number =>
  message.status === 'split' ? message.records.length : 1

/** Builds a chunk message by message: blob name, lines, and the events to deliver. */
class ChunkBuilder {
  readonly #lines: ByteWriter
  readonly #start: number
  readonly #first: Position
  #last: Position
  #messages = 0
  #lineCount = 0
  readonly #events: Unnamed<ArchivedEvent>[] = []
  readonly #faults: Unnamed<FaultyRecord>[] = []
  #records = 0
  #skipped = 0
  #skippedRun: SkippedRun | undefined

  /**
   * @param first position of the first message
   * @param lines receives the content
   */
  constructor(first: Position, lines: ByteWriter) {
    this.#first = first
    this.#last = first
    this.#lines = lines
    this.#start = lines.length
  }

  /** How many records it would have with one more message. */
  recordsWith(message: ReadMessage): number {
    return this.#records + recordCount(message)
  }

  /** Adds the next message of the partition. */
  add(message: ReadMessage): void {
    this.#last = message.position
    this.#messages += 1
    if (onlySkipped(message)) {
      this.#skip(message)
      return
    }
    this.#endSkippedRun()
    if (message.status === 'unsplit') this.#addUnsplit(message)
    else this.#addSplit(message)
  }

  #skip({ position, records: { length } }: SplitMessage): void {
    const { first, messages, records } = this.#skippedRun ?? { first: position, messages: 0, records: 0 }
    this.#skippedRun = {
      first,
      lastSequenceNumber: position.sequenceNumber,
      messages: messages + 1,
      records: records + length,
    }
    this.#records += length
    this.#skipped += length
  }

  #endSkippedRun(): void {
    if (this.#skippedRun !== undefined) this.#addLine(skippedLine(this.#skippedRun))
    this.#skippedRun = undefined
  }

  #addLine(text: string): void {
    this.#lines.text(`${text}\n`)
    this.#lineCount += 1
  }

  #addUnsplit(message: Extract<ReadMessage, { status: 'unsplit' }>): void {
    const { position, fault } = message
    const digest = message.bodyDigest()
    this.#records += 1
    this.#faults.push({ fault, position, ordinal: 0, digest, blob: '', line: this.#lineCount })
    this.#addLine(unsplitLine(message))
  }

  #addSplit(message: SplitMessage): void {
    const write = new MessageLines(message, message.records.length, this.#lines)
    const { position, records } = message
    this.#records += records.length
    let place: MessagePlace | undefined
    for (const record of records) {
      const { ordinal, reading } = record
      const line = this.#lineCount
      if (reading.status === 'skipped') {
        this.#skipped += 1
        continue
      }
      const digest = record.digest()
      if (reading.status === 'event') {
        const { event } = reading
        const { memory } = event.fields
        if (place?.memory !== memory) place = new MessagePlace(memory, position, records.length)
        place.of(event.fields, ordinal, digest, line)
        write.event(record, event)
        this.#events.push({ event, position, ordinal, digest, blob: '', line })
      } else {
        write.fault(record, reading)
        this.#faults.push({ fault: reading.fault, position, ordinal, digest, blob: '', line })
      }
      this.#lineCount += 1
    }
  }

  end(): Chunk {
    this.#endSkippedRun()
    const first = this.#first
    const last = this.#last
    const content = this.#lines.since(this.#start)
    const contentHash = sha256Hex(content)
    const blob = blobName({ first, lastSequenceNumber: last.sequenceNumber, contentHash })
    const events = this.#events
    const faults = this.#faults
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
      messages: this.#messages,
      lines: this.#lineCount,
      events,
      faults,
      tally: {
        records: this.#records,
        events: events.length,
        faults: faults.length,
        skipped: this.#skipped,
      },
    }
  }
}

/**
 * Builds chunks of up to `maxRecords` records; a message with more stands alone. Deterministic.
 * What was read of a message is given up with its last line, before the next one is read: alive
 * until the chunk is settled, it would be copied by each garbage collection.
 * @param messages messages of one partition in stream order
 * @param lines receives the content
 */
export function buildChunks(
  messages: Iterable<ReadMessage>,
  lines: ByteWriter,
  maxRecords: number = MAX_RECORDS,
): readonly Chunk[] {
  const chunks: Chunk[] = []
  let builder: ChunkBuilder | undefined
  for (const message of messages) {
    if (builder !== undefined && builder.recordsWith(message) > maxRecords) {
      chunks.push(builder.end())
      builder = undefined
    }
    builder ??= new ChunkBuilder(message.position, lines)
    builder.add(message)
  }
  if (builder !== undefined) chunks.push(builder.end())
  return chunks
}

/** One chunk of all messages, at least one, however many records they have. */
export function buildChunk(messages: readonly ReadMessage[]): Chunk {
  const [chunk] = buildChunks(messages, new ByteWriter(USUAL_BYTES), Number.POSITIVE_INFINITY)
  if (chunk === undefined) throw new InvariantError('a chunk of no messages')
  return chunk
}
