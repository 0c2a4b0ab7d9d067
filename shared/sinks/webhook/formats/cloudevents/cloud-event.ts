import type { ExportedEvent } from '../../../../domain/exported-event.ts'
import { Form } from '../../../../domain/form.ts'
import { Literal } from '../../../../encoding/literal.ts'
import { mappedLiteral } from '../../mapped-field.ts'
import { severityOf } from '../../severity.ts'
import { sequence } from '../../supersedence.ts'

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

const source = mappedLiteral(
  'tenantId',
  (tenant = '') => `,"source":"/tenants/${inPath(tenant)}/riskexport","type":"`,
)

const types = new Map(
  Object.entries(CLOUD_EVENT_TYPES).map(([kind, name]) => [kind, new Literal(`${name}"`)]),
)

const severity = mappedLiteral('risk.level', (level) => {
  const known = severityOf(level)
  return known === undefined ? '' : `,"severitytext":"${known.text}","severitynumber":${known.number}`
})

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
  source,
  ({ event: { kind } }) => types.get(kind) ?? '',
  [',"time":', 'lastUpdatedAt'],
  ',"datacontenttype":"application/json"',
  [',"subject":', 'identity.id', 'nonEmpty'],
  severity,
  [',"factkey":', 'factKey'],
  [',"category":', 'category'],
  [',"origin":', 'origin'],
  sequence,
  [',"partition":', 'partition'],
  [',"sequencenumber":"', 'sequenceNumber'],
  ['","ordinal":', 'ordinal'],
  [',"archiveblob":', 'blob'],
  [',"archiveline":', 'line'],
  [',"digest":', 'digest'],
  [',"data":', 'event'],
  '}',
])
