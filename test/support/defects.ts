import type { Chunk } from '../../shared/archive/chunk.ts'
import type { ArchiveWriter } from '../../shared/archive/writer.ts'
import type { Sink } from '../../shared/delivery/sink.ts'
import type { ExportedEvent } from '../../shared/domain/exported-event.ts'
import { archivedEvent, flatEvent, parseEvent } from '../../shared/domain/flat-event.ts'
import type { Message } from '../../shared/domain/position.ts'
import type { ReadMessage, ReadRecord } from '../../shared/domain/read-message.ts'
import type { RiskEvent } from '../../shared/domain/risk-event.ts'
import type { EventMemory } from '../../shared/source/event-memory.ts'

type Read = (message: Message, memory: EventMemory) => ReadMessage

/**
 * A bug that can be put into the program: where it sits, and what it makes of the part that is
 * there.
 */
export interface Defect {
  readonly read?: (read: Read) => Read
  readonly archive?: (writer: ArchiveWriter) => ArchiveWriter
  readonly sink?: (sink: Sink) => Sink
}

/** Shows at messages of these sequence numbers alone. */
type Shows = (sequenceNumber: number) => boolean

/** In the records of a message as they were read. */
const inRecords =
  (
    change: (records: readonly ReadRecord[]) => readonly ReadRecord[],
    shows: Shows,
  ): Required<Defect>['read'] =>
  (read) =>
  (message, memory) => {
    const result = read(message, memory)
    return result.status === 'split' && shows(message.position.sequenceNumber)
      ? { ...result, records: change(result.records) }
      : result
  }

const withoutLast = (records: readonly ReadRecord[]): readonly ReadRecord[] =>
  records.length > 1 ? records.slice(0, -1) : records

function withOneByteAltered(record: ReadRecord): ReadRecord {
  const { reading } = record
  if (reading.status !== 'event' || reading.event.kind === 'heartbeat') return record
  const event = parseEvent(reading.event) as RiskEvent
  const risk = { ...event.risk, level: (event.risk.level ?? '').replace(/.$/, '!') }
  return { ...record, reading: { status: 'event', event: flatEvent({ ...event, risk }) } }
}

/** The first two each stand where the other's bytes are. */
const swapped = ([first, second, ...rest]: readonly ReadRecord[]): readonly ReadRecord[] =>
  first === undefined || second === undefined
    ? [first ?? []].flat()
    : [{ ...first, reading: second.reading }, { ...second, reading: first.reading }, ...rest]

/** Takes the last line out of a chunk, and whoever waits for it. */
function shorten(chunk: Chunk): Chunk {
  const { content, lines } = chunk
  const isLast = ({ line }: { readonly line: number }): boolean => line === lines - 1
  for (const waiting of [chunk.events, chunk.faults] as unknown as { line: number }[][])
    if (waiting.some(isLast)) waiting.splice(waiting.findIndex(isLast), 1)
  return { ...chunk, content: content.subarray(0, content.lastIndexOf(0x0a, -2) + 1) }
}

/** Gives each event the content of the one before it. */
function withAnothersContent(sink: Sink, shows: Shows): Sink {
  let before: ExportedEvent | undefined
  return {
    ...sink,
    encode(archived) {
      const { event, ...place } = archived
      const another = before ?? parseEvent(event)
      before = parseEvent(event)
      if (!shows(archived.position.sequenceNumber)) return sink.encode(archived)
      return sink.encode(archivedEvent(flatEvent({ ...another, eventId: event.eventId }), place, 1))
    },
  }
}

/** What a verifier must see, by name, and the words in which it says so. */
export const DEFECTS = {
  'drops the last record of every message that has several': {
    inject: (shows: Shows): Defect => ({ read: inRecords(withoutLast, shows) }),
    problem: /^record \S+ \(\S+\) is not in the archive$/m,
  },
  'drops the last record of a chunk': {
    inject: (shows: Shows): Defect => ({
      archive: (writer) => ({
        write: (chunk) =>
          writer.write(chunk.lines > 1 && shows(chunk.last.sequenceNumber) ? shorten(chunk) : chunk),
      }),
    }),
    problem: /^(?:message|record) \S+(?: \(\S+\))? is not in the archive$/m,
  },
  'alters a byte': {
    inject: (shows: Shows): Defect => ({ read: inRecords((all) => all.map(withOneByteAltered), shows) }),
    problem: /^record \S+ \(\S+\) says another risk\.level than the archive made of it$/m,
  },
  'swaps two records': {
    inject: (shows: Shows): Defect => ({ read: inRecords(swapped, shows) }),
    problem: /^record \S+ \(\S+\) says another (?!risk\.level than).+ than the archive made of it$/m,
  },
  "delivers another's event": {
    inject: (shows: Shows): Defect => ({ sink: (sink) => withAnothersContent(sink, shows) }),
    problem: /^event \S+ at [\w-]+ is not what the archive says: \w+/m,
  },
} as const

export type DefectName = keyof typeof DEFECTS
export const DEFECT_NAMES = Object.keys(DEFECTS) as readonly DefectName[]

/** Several defects as one; more than one at a time show at different messages. */
export function defectOf(names: readonly DefectName[]): Required<Defect> {
  const defects = names.map((name, i) => DEFECTS[name].inject((n) => n % names.length === i))
  return {
    read: (read) => defects.reduce((made, { read: inject }) => inject?.(made) ?? made, read),
    archive: (writer) => defects.reduce((made, { archive: inject }) => inject?.(made) ?? made, writer),
    sink: (sink) => defects.reduce((made, { sink: inject }) => inject?.(made) ?? made, sink),
  }
}
