import type { ArchivedEvent, ExportedEvent } from '../../domain/exported-event.ts'
import type { Instant } from '../../domain/identifiers.ts'
import type { Wrapping } from './webhook-format.ts'

/** HEC expects seconds; three decimals are our milliseconds. */
const epochSeconds = (at: Instant): string => (at / 1000).toFixed(3)

/** Absent and empty values are omitted. */
const field = (name: string, value: string | undefined): string =>
  value === undefined || value === '' ? '' : `,"${name}":${JSON.stringify(value)}`

const aboutIdentity = (event: ExportedEvent): string =>
  event.kind === 'heartbeat'
    ? ''
    : field('identity_id', event.identity.id) +
      field('identity_type', event.identity.type) +
      field('app_id', event.identity.appId) +
      field('risk_level', event.risk.level) +
      field('risk_state', event.risk.state) +
      field('risk_detail', event.risk.detail) +
      field('risk_event_type', event.risk.eventType)

/**
 * Indexed fields: flat strings, and only those that searches start from, since each takes room in
 * the index.
 */
const fieldsJson = ({ event, position, ordinal, blob, line, digest }: ArchivedEvent): string =>
  `{"event_id":"${event.eventId}","fact_key":"${event.factKey}","kind":"${event.kind}","category":"${event.category}",` +
  `"origin":"${event.origin}"${field('tenant_id', event.tenantId)}${aboutIdentity(event)}` +
  `${field('partition', position.partition)},"sequence_number":"${position.sequenceNumber}","ordinal":"${ordinal}"` +
  `${field('archive_blob', blob)},"archive_line":"${line}","record_digest":"${digest}"}`

/**
 * One event for Splunk's HTTP Event Collector, on one line. `time` is when Microsoft last changed
 * the fact, `host` the Event Hubs namespace, `source` hub and partition, `sourcetype`
 * `azure:aad:<category, lower case>` as in Splunk's own function. Searches de-duplicate by
 * `fields.event_id`: HEC itself does not.
 * https://docs.splunk.com/Documentation/Splunk/latest/Data/FormateventsforHTTPEventCollector
 */
export const hecEvent = (index: string | undefined, archived: ArchivedEvent): Wrapping => {
  const { event, position } = archived
  const before =
    `{"time":${epochSeconds(event.lastUpdatedAt)},"host":${JSON.stringify(position.namespace)},` +
    `"source":${JSON.stringify(`eventhub:${position.hub}/${position.partition}`)},` +
    `"sourcetype":"azure:aad:${event.category.toLowerCase()}",` +
    (index === undefined ? '' : `"index":${JSON.stringify(index)},`) +
    `"event":`
  return { before, after: `,"fields":${fieldsJson(archived)}}` }
}
