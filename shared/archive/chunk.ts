import type { ArchivedEvent } from '../domain/exported-event.ts'
import type { Fault } from '../domain/fault.ts'
import { InvariantError } from '../domain/invariant-error.ts'
import type { Position } from '../domain/position.ts'
import type { ReadMessage, SplitMessage } from '../domain/read-message.ts'
import type { RecordTally } from '../domain/tally.ts'
import { type Digest, sha256Hex } from '../encoding/digest.ts'
import { blobName } from './blob-name.ts'
import { MessageLines, skippedLine, unsplitLine } from './line.ts'
import { LinesBuffer } from './lines-buffer.ts'

/** A record that reaches no sink, with its place in the archive. */
export interface FaultyRecord {
  readonly fault: Fault
  readonly position: Position
  readonly ordinal: number
  readonly digest: Digest
  readonly blob: string
  readonly line: number
}

/** Messages of one partition, as one archive blob. */
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

type Unnamed<T> = Omit<T, 'blob'>

// Member by member: objects made by spreading are slower for all who read them.
const inBlob = (e: Unnamed<ArchivedEvent>, blob: string): ArchivedEvent => ({
  event: e.event,
  eventJson: e.eventJson,
  position: e.position,
  ordinal: e.ordinal,
  digest: e.digest,
  blob,
  line: e.line,
})

const onlySkipped = (m: ReadMessage): m is SplitMessage =>
  m.status === 'split' && m.records.every((r) => r.reading.status === 'skipped')

/** A line holds its record and about twice as much derived data. */
const LINES_PER_BODY = 3

const expectedBytes = (messages: readonly ReadMessage[]): number =>
  messages.reduce((sum, m) => (onlySkipped(m) ? sum : sum + m.bodyBytes * LINES_PER_BODY), 0)

/** Collects lines, and for each those who need its position. */
class ChunkBuilder {
  readonly lines: LinesBuffer
  readonly events: Unnamed<ArchivedEvent>[] = []
  readonly faults: Unnamed<FaultyRecord>[] = []
  records = 0
  skipped = 0
  #skippedRun: SplitMessage[] = []

  constructor(messages: readonly ReadMessage[]) {
    this.lines = new LinesBuffer(expectedBytes(messages))
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
    this.lines.text(text)
    this.lines.endLine()
  }

  #addUnsplit(message: Extract<ReadMessage, { status: 'unsplit' }>): void {
    const { position, fault, bodyDigest: digest } = message
    this.records += 1
    this.faults.push({ fault, position, ordinal: 0, digest, line: this.lines.lines })
    this.#addLine(unsplitLine(message))
  }

  #addSplit(message: SplitMessage): void {
    const write = new MessageLines(message, this.lines)
    const { position } = message
    this.records += message.records.length
    for (const record of message.records) {
      const { ordinal, digest, reading } = record
      const line = this.lines.lines
      if (reading.status === 'event') {
        const eventJson = write.event(record, reading.event)
        this.events.push({ event: reading.event, eventJson, position, ordinal, digest, line })
      } else if (reading.status === 'fault') {
        write.fault(record, reading)
        this.faults.push({ fault: reading.fault, position, ordinal, digest, line })
      } else this.skipped += 1
    }
  }
}

/**
 * Builds a chunk's blob: name, lines, and the events to deliver. Pure: the same messages give the
 * same chunk.
 * @param messages one partition's messages in stream order, at least one
 */
export function buildChunk(messages: readonly ReadMessage[]): Chunk {
  const first = messages[0]?.position
  if (first === undefined) throw new InvariantError('a chunk of no messages')
  const last = messages.at(-1)?.position ?? first
  const builder = new ChunkBuilder(messages)
  for (const message of messages) builder.add(message)
  builder.endSkippedRun()

  const content = builder.lines.content()
  const contentHash = sha256Hex(content)
  const blob = blobName({ first, lastSequenceNumber: last.sequenceNumber, contentHash })
  const events = builder.events.map((e) => inBlob(e, blob))
  const faults = builder.faults.map((f) => ({ ...f, blob }))
  return {
    blob,
    content,
    contentHash,
    first,
    last,
    messages: messages.length,
    lines: builder.lines.lines,
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
