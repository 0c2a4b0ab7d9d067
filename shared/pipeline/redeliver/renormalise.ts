import type { ArchiveLine } from '../../archive/archive-line.ts'
import type { FaultyRecord } from '../../archive/chunk.ts'
import type { ArchivedEvent } from '../../domain/exported-event.ts'
import { archivedEvent } from '../../domain/flat-event.ts'
import type { Instant } from '../../domain/identifiers.ts'
import type { Message } from '../../domain/position.ts'
import type { ReadMessage, RecordReading } from '../../domain/read-message.ts'
import type { Digest } from '../../encoding/digest.ts'
import type { EventMemory } from '../../source/event-memory.ts'
import { contain, DEFECT } from '../contain-defects.ts'

/** Reads messages and records with current code and settings. */
export interface Rereader {
  /** @param memory takes the fields of its events; its own where none is given */
  readonly readMessage: (message: Message, memory?: EventMemory) => ReadMessage
  readonly rereadRecord: (bytes: Uint8Array, enqueuedAt: Instant) => RecordReading
}

/** Archived records, normalised by current code. */
export interface Renormalised {
  readonly events: readonly ArchivedEvent[]
  /** Records that cannot be normalised (any more, or still). */
  readonly faults: readonly FaultyRecord[]
  /** Records of categories that are not exported (any more). */
  readonly skipped: number
}

type Evidence = Pick<ArchivedEvent, 'position' | 'ordinal' | 'digest' | 'blob' | 'line'>

interface Read {
  readonly evidence: Evidence
  /** Number of records in the message. */
  readonly of: number
  readonly reading: RecordReading
}

function defectiveReadingsOf(line: ArchiveLine): readonly Read[] {
  if (line.kind === 'skipped') return []
  const { position, blob, ordinal, origin } = line
  const evidence = { position, blob, line: line.line, ordinal, digest: digestIn(line) }
  return [{ evidence, of: line.of, reading: { status: 'fault', fault: DEFECT.readingArchive, origin } }]
}

/** Digest of the bytes a line holds. */
function digestIn(line: Exclude<ArchiveLine, { kind: 'skipped' }>): Digest {
  switch (line.kind) {
    case 'event':
    case 'fault':
      return line.digest
    case 'unsplit':
      return line.bodyDigest
  }
}

/**
 * The records of a line as read by current code: usually one; more if a message that could not be
 * split before now can.
 */
function readingsOf(line: ArchiveLine, { readMessage, rereadRecord }: Rereader): readonly Read[] {
  const { position, blob } = line
  const at = { position, blob, line: line.line }
  switch (line.kind) {
    case 'skipped':
      return []
    case 'event':
    case 'fault': {
      const { ordinal, of, record } = line
      return [
        {
          evidence: { ...at, ordinal, digest: digestIn(line) },
          of,
          reading: rereadRecord(record, position.enqueuedAt),
        },
      ]
    }
    case 'unsplit': {
      const message = readMessage({ position, body: line.body })
      if (message.status === 'split')
        return message.records.map(({ ordinal, digest, reading }) => ({
          evidence: { ...at, ordinal, digest: digest() },
          of: message.records.length,
          reading,
        }))
      const { fault } = message
      const reading = { status: 'fault', fault, origin: line.origin } as const
      const evidence = { ...at, ordinal: line.ordinal, digest: digestIn(line) }
      return [{ evidence, of: line.of, reading }]
    }
  }
}

/** Normalises archived lines again, by current code. */
export function renormalise(lines: readonly ArchiveLine[], rereader: Rereader): Renormalised {
  const events: ArchivedEvent[] = []
  const faults: FaultyRecord[] = []
  let skipped = 0
  const readings = lines.flatMap((line) =>
    contain(
      () => readingsOf(line, rereader),
      () => defectiveReadingsOf(line),
    ),
  )
  for (const { evidence, of, reading } of readings) {
    if (reading.status === 'event') events.push(archivedEvent(reading.event, evidence, of))
    else if (reading.status === 'fault') faults.push({ fault: reading.fault, ...evidence })
    else skipped += 1
  }
  return { events, faults, skipped }
}
