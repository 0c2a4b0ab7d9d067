import type { ArchiveLine } from '../../shared/archive/archive-line.ts'
import type { ArchivedEvent } from '../../shared/domain/exported-event.ts'
import { archivedEvent, flatEvent, parseEvent } from '../../shared/domain/flat-event.ts'
import { type EventId, eventId, instant } from '../../shared/domain/identifiers.ts'
import { digestOf } from '../../shared/encoding/digest.ts'
import { archivedAt, detection } from './archived-events.ts'

const HOUR = Date.UTC(2026, 2, 1, 9)
const BLOB = 'v1/blob.jsonl.gz'

interface Changes {
  readonly id?: string
  readonly blob?: string
  readonly hourMs?: number
}

const made = new Map<string, ArchivedEvent>()
const MOST_MADE = 4_000

/**
 * An archived event at a place of partition 0: sequence number and line are its number. It is made
 * once: tests ask for the same thousands again and again.
 */
export function archivedEventAt(n: number, changes: Changes = {}): ArchivedEvent {
  const { id = '', blob = BLOB, hourMs = HOUR } = changes
  const key = `${n} ${hourMs} ${blob} ${id}`
  const archived = made.get(key) ?? archivedEventWith(n, changes)
  if (made.size >= MOST_MADE) made.clear()
  made.set(key, archived)
  return { ...archived, event: { ...archived.event } }
}

function archivedEventWith(n: number, changes: Changes): ArchivedEvent {
  const event = detection(`n${n}`)
  return archivedAt(changes.id === undefined ? event : { ...event, eventId: eventId(changes.id) }, {
    position: {
      namespace: 'ns',
      hub: 'hub',
      partition: '0',
      sequenceNumber: n,
      offset: String(n * 100),
      enqueuedAt: instant((changes.hourMs ?? HOUR) + n * 1000),
    },
    ordinal: 0,
    digest: digestOf(`sha256:${'0'.repeat(64)}`),
    blob: changes.blob ?? BLOB,
    line: n,
  })
}

/** The id of the event that is placed by this number; to place it takes six times as long. */
export const eventIdAt = (n: number): EventId => detection(`n${n}`).eventId

/** The line of the archive that holds it. */
export const lineOf = (archived: ArchivedEvent): ArchiveLine => ({
  kind: 'event',
  position: archived.position,
  bodyBytes: 2,
  bodyDigest: archived.digest,
  digest: archived.digest,
  ordinal: archived.ordinal,
  of: 1,
  origin: 'stream',
  blob: archived.blob,
  line: archived.line,
  category: archived.event.category,
  record: Buffer.from('{}'),
  event: parseEvent(archived.event),
  archived,
})

/** The line of an event whose JSON has so many bytes. */
export function lineOfSize(archived: ArchivedEvent, bytes: number): ArchiveLine {
  const { event, ...place } = archived
  const large = flatEvent(parseEvent(event), Buffer.alloc(bytes, ' '))
  return { ...lineOf(archived), archived: archivedEvent(large, place, 1) } as ArchiveLine
}

export const archivedEventsAt = (from: number, to: number, changes: Changes = {}): readonly ArchivedEvent[] =>
  Array.from({ length: to - from + 1 }, (_, i) => archivedEventAt(from + i, changes))
