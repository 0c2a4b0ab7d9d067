import type { ArchiveLine } from '../../archive/archive-line.ts'
import type { ExportedEvent } from '../../domain/exported-event.ts'

type RecordLine = Exclude<ArchiveLine, { kind: 'skipped' }>

/** Shorter words would be found in the bytes of records that have nothing to do with them. */
const MIN_LENGTH_IN_BYTES = 8

function idsOf(event: ExportedEvent): readonly (string | undefined)[] {
  const own = [event.eventId, event.factKey]
  switch (event.kind) {
    case 'heartbeat':
      return own
    case 'riskyIdentity':
      return [...own, event.identity.id, event.identity.appId]
    case 'riskDetection':
      return [...own, event.detectionId, event.identity.id, event.identity.appId]
  }
}

/**
 * Whether a line is about what is looked for: an event by one of its ids; a record that could not be normalised by the bytes in it, since
 * nothing else is known of it.
 * @param wanted lower-case id of an event, fact, detection, identity or application
 */
export function isAboutWanted(line: RecordLine, wanted: string): boolean {
  if (line.kind === 'event') return idsOf(line.archived.event).some((id) => id?.toLowerCase() === wanted)
  if (wanted.length < MIN_LENGTH_IN_BYTES) return false
  const bytes = line.kind === 'fault' ? line.record : line.body
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .toString('latin1')
    .toLowerCase()
    .includes(wanted)
}
