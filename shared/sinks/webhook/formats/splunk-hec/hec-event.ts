import { Form, type FormPart } from '../../../../domain/form.ts'
import type { Instant } from '../../../../domain/identifiers.ts'

/** HEC expects seconds; three decimals are our milliseconds. */
const epochSeconds = (at: Instant): string => (at / 1000).toFixed(3)

/**
 * Indexed fields: flat strings, and only those that searches start from, since each takes room in
 * the index. Absent and empty values are omitted.
 */
const FIELDS: readonly FormPart[] = [
  [',"fields":{"event_id":', 'eventId'],
  [',"fact_key":', 'factKey'],
  [',"kind":', 'kind'],
  [',"category":', 'category'],
  [',"origin":', 'origin'],
  [',"tenant_id":', 'tenantId', 'nonEmpty'],
  [',"identity_id":', 'identity.id', 'nonEmpty'],
  [',"identity_type":', 'identity.type', 'nonEmpty'],
  [',"app_id":', 'identity.appId', 'nonEmpty'],
  [',"risk_level":', 'risk.level', 'nonEmpty'],
  [',"risk_state":', 'risk.state', 'nonEmpty'],
  [',"risk_detail":', 'risk.detail', 'nonEmpty'],
  [',"risk_event_type":', 'risk.eventType', 'nonEmpty'],
  [',"partition":', 'partition', 'nonEmpty'],
  [',"sequence_number":"', 'sequenceNumber'],
  ['","ordinal":"', 'ordinal'],
  '"',
  [',"archive_blob":', 'blob', 'nonEmpty'],
  [',"archive_line":"', 'line'],
  ['","record_digest":', 'digest'],
  '}}',
]

/**
 * One event for Splunk's HTTP Event Collector, on one line. `time` is when Microsoft last changed
 * the fact, `host` the Event Hubs namespace, `source` hub and partition, `sourcetype`
 * `azure:aad:<category, lower case>` as in Splunk's own function. Searches de-duplicate by
 * `fields.event_id`: HEC itself does not.
 * https://docs.splunk.com/Documentation/Splunk/latest/Data/FormateventsforHTTPEventCollector
 */
export const hecEvent = (index: string | undefined): Form =>
  new Form([
    ({ event }) => `{"time":${epochSeconds(event.lastUpdatedAt)}`,
    [',"host":', 'namespace'],
    ({ event, position }) =>
      `,"source":${JSON.stringify(`eventhub:${position.hub}/${position.partition}`)},"sourcetype":"azure:aad:${event.category.toLowerCase()}"`,
    index === undefined ? '' : `,"index":${JSON.stringify(index)}`,
    [',"event":', 'event'],
    ...FIELDS,
  ])
