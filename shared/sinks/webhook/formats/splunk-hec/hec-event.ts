import type { EventFields } from '../../../../domain/event-fields.ts'
import type { ArchivedEvent, ExportedEvent } from '../../../../domain/exported-event.ts'
import { Form } from '../../../../domain/form.ts'
import type { Instant } from '../../../../domain/identifiers.ts'
import type { ByteWriter } from '../../../../encoding/byte-writer.ts'
import { parseText } from '../../../../encoding/written-json.ts'
import type { Destination } from '../../destination.ts'
import { fieldText } from '../../mapped-field.ts'
import type { EventEncoder } from '../../webhook-format.ts'
import { jsonEvent } from '../json/json-event.ts'

/** HEC expects seconds; three decimals are our milliseconds. */
const epochSeconds = (at: Instant): string => (at / 1000).toFixed(3)

/** Source type of each kind of event, and what CIM calls its type. */
const KINDS: Readonly<Record<ExportedEvent['kind'], readonly [sourcetype: string, type: string]>> = {
  riskDetection: ['entra_risk:detection', 'alert'],
  riskyIdentity: ['entra_risk:identity', 'event'],
  identityContext: ['entra_risk:context', 'event'],
  responseAction: ['entra_risk:response', 'task'],
  heartbeat: ['entra_risk:heartbeat', 'event'],
}

export const SOURCETYPES: readonly string[] = Object.values(KINDS).map(([sourcetype]) => sourcetype)

/** Risk levels in the words of CIM, where they differ; a level that nobody knows is `unknown`. */
const SEVERITIES: ReadonlyMap<string, string> = new Map([
  ['none', 'informational'],
  ['low', 'low'],
  ['medium', 'medium'],
  ['high', 'high'],
])

const severity = fieldText(
  'risk.level',
  (level) => `,"severity":"${SEVERITIES.get(parseText(level)) ?? 'unknown'}"`,
)

/**
 * Indexed fields: flat strings of few values, from which searches start, under the names that CIM
 * has for them. Ids, names and evidence are in the event, where searches find them too; in the
 * index each would take room for itself. None has the name of a member of the event, which would
 * give it two values in a search. Absent and empty values are omitted.
 */
const FIELDS = new Form([
  ({ event: { kind } }) => `,"fields":{"type":"${KINDS[kind][1]}","app":"Entra ID Protection"`,
  severity,
  [',"signature":', 'detection.name', 'nonEmpty'],
  [',"signature_id":', 'risk.eventType', 'nonEmpty'],
  [',"vendor_account":', 'tenantId', 'nonEmpty'],
  [',"identity_type":', 'identity.type', 'nonEmpty'],
  [',"risk_level":', 'risk.level', 'nonEmpty'],
  [',"risk_state":', 'risk.state', 'nonEmpty'],
  [',"risk_detail":', 'risk.detail', 'nonEmpty'],
  '}}',
])

/**
 * One event for Splunk's HTTP Event Collector, on one line: the event as in the format `json`.
 * `host` is the Event Hubs namespace, `source` hub and partition. Without `time`, Splunk takes that
 * of the arrival. Searches de-duplicate by `eventId`: HEC itself does not.
 * https://docs.splunk.com/Documentation/Splunk/latest/Data/FormateventsforHTTPEventCollector
 */
export function hecEvent({
  splunkIndex,
  splunkTime,
}: Pick<Destination, 'splunkIndex' | 'splunkTime'>): EventEncoder {
  const head = new Form([
    '{',
    splunkTime === 'updated' ? ({ event }) => `"time":${epochSeconds(event.lastUpdatedAt)}` : '',
    [',"host":', 'namespace'],
    ({ event, position }) =>
      `,"source":${JSON.stringify(`eventhub:${position.hub}/${position.partition}`)},"sourcetype":"${KINDS[event.kind][0]}"`,
    splunkIndex === undefined ? '' : `,"index":${JSON.stringify(splunkIndex)}`,
    ',"event":',
  ])
  return {
    write(out: ByteWriter, fields: EventFields, archived: ArchivedEvent): void {
      head.write(out, fields, archived)
      jsonEvent.write(out, fields, archived)
      FIELDS.write(out, fields, archived)
    },
  }
}
