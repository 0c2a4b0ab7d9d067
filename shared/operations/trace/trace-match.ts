import type { ExportedEvent } from '../../domain/exported-event.ts'
import type { Identity } from '../../domain/risk-event.ts'
import type { RecordLine } from './newest-records.ts'

/** Shorter words would match the bytes of unrelated records. */
const MIN_LENGTH_IN_BYTES = 8

const idsOfIdentity = ({ identity }: { readonly identity: Identity }) => [
  identity.id,
  identity.appId,
  identity.displayName,
  identity.userPrincipalName,
]

function idsOf(event: ExportedEvent): readonly (string | undefined)[] {
  const own = [event.eventId, event.factKey]
  switch (event.kind) {
    case 'heartbeat':
      return own
    case 'riskyIdentity':
    case 'identityContext':
    case 'responseAction':
      return [...own, ...idsOfIdentity(event)]
    case 'riskDetection':
      return [...own, event.detectionId, ...idsOfIdentity(event)]
  }
}

/**
 * Whether a line matches: an event by one of its ids or a name of its identity; a record that could
 * not be normalised by its bytes, since nothing else is known of it.
 * @param wanted lower-case id of an event, fact, detection, identity or application, or name of an
 * identity
 */
export function matchesQuery(line: RecordLine, wanted: string): boolean {
  if (line.kind === 'event') return idsOf(line.event).some((id) => id?.toLowerCase() === wanted)
  if (wanted.length < MIN_LENGTH_IN_BYTES) return false
  const bytes = line.kind === 'fault' ? line.record : line.body
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .toString('latin1')
    .toLowerCase()
    .includes(Buffer.from(wanted).toString('latin1').toLowerCase())
}
