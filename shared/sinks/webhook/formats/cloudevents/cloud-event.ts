import { slotOf } from '../../../../domain/event-fields.ts'
import type { ArchivedEvent, ExportedEvent } from '../../../../domain/exported-event.ts'
import { Form } from '../../../../domain/form.ts'
import { BytesMemo } from '../../../../encoding/bytes-memo.ts'
import { quoted } from '../../../../encoding/quoted.ts'
import { parseText } from '../../../../encoding/written-json.ts'
import { severityOf } from '../../severity.ts'
import { supersedence } from '../../supersedence.ts'

/** The `type` of each kind of event. A breaking change gets a new number. */
export const CLOUD_EVENT_TYPES: Readonly<Record<ExportedEvent['kind'], string>> = {
  riskDetection: 'entra.risk.detection.v1',
  riskyIdentity: 'entra.risk.identity.v1',
  identityContext: 'entra.identity.context.v1',
  responseAction: 'entra.riskexport.response.v1',
  heartbeat: 'entra.riskexport.heartbeat.v1',
}

/** A GUID passes unchanged; anything else is reduced to characters that a URI may hold. */
const inPath = (id: string): string => id.replace(/[^\w.~-]/g, '')

const TENANT = slotOf('tenantId')
const LEVEL = slotOf('risk.level')

const sources = new BytesMemo(
  (tenant) => `,"source":"/tenants/${inPath(parseText(tenant))}/riskexport","type":"`,
)

const severities = new BytesMemo((level) => {
  const severity = severityOf(parseText(level))
  return severity === undefined
    ? ''
    : `,"severitytext":"${severity.text}","severitynumber":${severity.number}`
})

const sourceAndType = ({ event: { kind, fields } }: ArchivedEvent): string =>
  `${sources.of(fields.memory.bytes, fields.start(TENANT), fields.end(TENANT))}${CLOUD_EVENT_TYPES[kind]}"`

const severity = ({ event: { fields } }: ArchivedEvent): string =>
  fields.has(LEVEL) ? severities.of(fields.memory.bytes, fields.start(LEVEL), fields.end(LEVEL)) : ''

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
export const cloudEvent = new Form([
  ['{"specversion":"1.0","id":', 'eventId'],
  sourceAndType,
  [',"time":', 'lastUpdatedAt'],
  ',"datacontenttype":"application/json"',
  [',"subject":', 'identity.id', 'nonEmpty'],
  severity,
  [',"factkey":', 'factKey'],
  [',"category":', 'category'],
  [',"origin":', 'origin'],
  (archived) => `,"sequence":${quoted(supersedence(archived))}`,
  [',"partition":', 'partition'],
  [',"sequencenumber":"', 'sequenceNumber'],
  ['","ordinal":', 'ordinal'],
  [',"archiveblob":', 'blob'],
  [',"archiveline":', 'line'],
  [',"digest":', 'digest'],
  [',"data":', 'event'],
  '}',
])
