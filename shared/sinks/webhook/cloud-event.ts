import type { ArchivedEvent, ExportedEvent } from '../../domain/exported-event.ts'
import { isoInstant } from '../../domain/iso-instant.ts'
import { quoted } from '../../encoding/quoted.ts'
import { severityOf } from './severity.ts'
import { supersedence } from './supersedence.ts'
import type { Wrapping } from './webhook-format.ts'

/** The `type` of each kind of event. A breaking change gets a new number. */
export const CLOUD_EVENT_TYPES: Readonly<Record<ExportedEvent['kind'], string>> = {
  riskDetection: 'entra.risk.detection.v1',
  riskyIdentity: 'entra.risk.identity.v1',
  heartbeat: 'entra.riskexport.heartbeat.v1',
}

/** A GUID passes unchanged; anything else is reduced to characters that a URI may hold. */
const inPath = (id: string): string => id.replace(/[^\w.~-]/g, '')

const aboutIdentity = (event: ExportedEvent): string => {
  if (event.kind === 'heartbeat') return ''
  const severity = severityOf(event.risk.level)
  return (
    (event.identity.id === '' ? '' : `"subject":${quoted(event.identity.id)},`) +
    (severity === undefined ? '' : `"severitytext":"${severity.text}","severitynumber":${severity.number},`)
  )
}

/**
 * One event as a CloudEvent 1.0 in JSON, on one line.
 * https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md
 *
 * - `id` is the event id, `source` is `/tenants/<tenant id>/riskexport`: the two identify an event,
 * whichever partition it came by, so a receiver can de-duplicate by them.
 * - `subject` is the object id of the identity, `time` when Microsoft last changed the fact.
 * - Extensions: `factkey`, `category`, `origin`; `sequence`, a string whose greatest value per
 * subject is the latest (`supersedence.ts`); where it came from: `partition`, `sequencenumber` (a
 * string: CloudEvents integers have 32 bits), `ordinal`; where its evidence is: `archiveblob`,
 * `archiveline`, `digest` of the record's exact bytes; `severitytext` and `severitynumber` if the
 * risk level is known.
 * - `data` is the event as archived, byte for byte.
 */
export const cloudEvent = (archived: ArchivedEvent): Wrapping => {
  const { event, position } = archived
  const before =
    `{"specversion":"1.0","id":"${event.eventId}","source":"/tenants/${inPath(event.tenantId)}/riskexport",` +
    `"type":"${CLOUD_EVENT_TYPES[event.kind]}","time":"${isoInstant(event.lastUpdatedAt)}","datacontenttype":"application/json",` +
    aboutIdentity(event) +
    `"factkey":"${event.factKey}","category":"${event.category}","origin":"${event.origin}",` +
    `"sequence":${quoted(supersedence(archived))},"partition":${quoted(position.partition)},` +
    `"sequencenumber":"${position.sequenceNumber}","ordinal":${archived.ordinal},` +
    `"archiveblob":${quoted(archived.blob)},"archiveline":${archived.line},"digest":"${archived.digest}",` +
    `"data":`
  return { before, after: '}' }
}
