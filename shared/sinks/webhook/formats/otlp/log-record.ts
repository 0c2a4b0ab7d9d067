import { type Field, slotOf } from '../../../../domain/event-fields.ts'
import type { ArchivedEvent } from '../../../../domain/exported-event.ts'
import type { Instant } from '../../../../domain/identifiers.ts'
import { severityOf } from '../../severity.ts'
import { supersedence } from '../../supersedence.ts'
import type { EventEncoder } from '../../webhook-format.ts'
import { CLOUD_EVENT_TYPES } from '../cloudevents/cloud-event.ts'
import { type LogRecord, serializer } from './serializer.ts'

/** What searches start from, by the names of attributes; the event as a whole is the body. */
const ATTRIBUTES: readonly (readonly [name: string, field: Field])[] = [
  ['entra.event.id', 'eventId'],
  ['entra.fact.key', 'factKey'],
  ['entra.event.kind', 'kind'],
  ['entra.category', 'category'],
  ['entra.origin', 'origin'],
  ['entra.detection.id', 'detectionId'],
  ['entra.identity.type', 'identity.type'],
  ['entra.identity.id', 'identity.id'],
  ['entra.identity.name', 'identity.displayName'],
  ['entra.identity.app_id', 'identity.appId'],
  ['entra.risk.level', 'risk.level'],
  ['entra.risk.state', 'risk.state'],
  ['entra.risk.detail', 'risk.detail'],
  ['entra.risk.event_type', 'risk.eventType'],
  ['entra.activity_at', 'activityAt'],
  ['entra.detected_at', 'detectedAt'],
  ['entra.last_updated_at', 'lastUpdatedAt'],
  ['client.address', 'ipAddress'],
  ['entra.attack.techniques', 'attack.techniques'],
  ['entra.detection.name', 'detection.name'],
  ['entra.position.namespace', 'namespace'],
  ['entra.position.hub', 'hub'],
  ['entra.position.partition', 'partition'],
  ['entra.position.sequence_number', 'sequenceNumber'],
  ['entra.position.ordinal', 'ordinal'],
  ['entra.archive.blob', 'blob'],
  ['entra.archive.line', 'line'],
  ['entra.archive.digest', 'digest'],
]
const SLOTS = ATTRIBUTES.map(([name, field]) => ({ name, slot: slotOf(field) }))

const EVENT = slotOf('event')
const TENANT = slotOf('tenantId')
const LEVEL = slotOf('risk.level')

const SCOPE: LogRecord['instrumentationScope'] = { name: 'entra-risk-export' }

/** The last second whose nanoseconds fit the wire format. */
const MAX_SECONDS = 18_446_744_073
/** OpenTelemetry's "no time". */
const UNKNOWN_TIME: LogRecord['hrTime'] = [0, 0]

function timeOf(at: Instant): LogRecord['hrTime'] {
  const seconds = Math.floor(at / 1000)
  return seconds < 0 || seconds >= MAX_SECONDS ? UNKNOWN_TIME : [seconds, (at - seconds * 1000) * 1_000_000]
}

function recordOf(archived: ArchivedEvent): LogRecord {
  const { event, position } = archived
  const { fields } = event
  const attributes: Record<string, LogRecord['body']> = { 'entra.sequence': supersedence(archived) }
  for (const { name, slot } of SLOTS) {
    const value = fields.parse(slot)
    if (value !== undefined) attributes[name] = value as LogRecord['body']
  }
  const level = fields.parse(LEVEL)
  const severity = typeof level === 'string' ? severityOf(level) : undefined
  return {
    hrTime: timeOf(event.lastUpdatedAt),
    hrTimeObserved: timeOf(position.enqueuedAt),
    ...(severity === undefined ? {} : { severityNumber: severity.number, severityText: severity.text }),
    eventName: CLOUD_EVENT_TYPES[event.kind],
    body: fields.bytes(EVENT).toString(),
    attributes,
    droppedAttributesCount: 0,
    instrumentationScope: SCOPE,
    // The serializer reads nothing else of a resource.
    resource: {
      attributes: {
        'service.name': 'entra-risk-export',
        'cloud.provider': 'azure',
        'entra.tenant.id': fields.parse(TENANT),
      },
    } as object as LogRecord['resource'],
  }
}

/**
 * One event as an `ExportLogsServiceRequest` of OTLP with one log record. Messages of Protocol
 * Buffers that stand one after another are one message with all their repeated fields, so requests
 * of one event each, concatenated, are one request.
 * https://protobuf.dev/programming-guides/encoding/#last-one-wins
 *
 * - The body is the event's JSON, byte for byte; attributes are what searches start from.
 * - `time_unix_nano` is when Microsoft last changed the fact, `observed_time_unix_nano` when it
 * came to the hub, severity that of the risk level, none for `hidden` and unknown levels.
 * - `event_name` is the type of the CloudEvent.
 */
export const otlpLog: EventEncoder = {
  write: (out, _fields, archived) =>
    out.all(serializer().serializeRequest([recordOf(archived)]) ?? new Uint8Array()),
}
