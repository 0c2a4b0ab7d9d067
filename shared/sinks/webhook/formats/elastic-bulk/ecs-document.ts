import type { EventFields } from '../../../../domain/event-fields.ts'
import type { ArchivedEvent, ExportedEvent } from '../../../../domain/exported-event.ts'
import { Form } from '../../../../domain/form.ts'
import type { ByteWriter } from '../../../../encoding/byte-writer.ts'
import type { EventEncoder } from '../../webhook-format.ts'
import { jsonEvent } from '../json/json-event.ts'
import { relatedAddress, response, severity, source, threat } from './ecs-values.ts'

/** Its fields are all in versions 9.0 and later. */
const ECS_VERSION = '9.0.0'

/** What ECS says about each kind of event. */
const KINDS: Readonly<Record<ExportedEvent['kind'], { readonly dataset: string; readonly says: string }>> = {
  riskDetection: {
    dataset: 'entra_risk.detection',
    says: '"kind":"alert","category":["iam"],"type":["info"],"action":"risk-detected"',
  },
  riskyIdentity: {
    dataset: 'entra_risk.identity',
    says: '"kind":"state","category":["iam"],"type":["info"],"action":"risk-state"',
  },
  identityContext: {
    dataset: 'entra_risk.context',
    says: '"kind":"enrichment","category":["iam"],"type":["info"],"action":"identity-context"',
  },
  // The action is the operator's.
  responseAction: {
    dataset: 'entra_risk.response',
    says: '"kind":"event","category":["iam"],"type":["change"]',
  },
  heartbeat: { dataset: 'entra_risk.heartbeat', says: '"kind":"metric","action":"heartbeat"' },
}

/** Data sets of data streams, one per kind of event. */
export const DATASETS: readonly string[] = Object.values(KINDS).map(({ dataset }) => dataset)

const mapped = <T>(make: (kind: (typeof KINDS)[ExportedEvent['kind']]) => T) =>
  Object.fromEntries(Object.entries(KINDS).map(([kind, meaning]) => [kind, make(meaning)])) as Readonly<
    Record<ExportedEvent['kind'], T>
  >

/**
 * One event as two lines of Elasticsearch's bulk API: `create` with the event id as `_id`, so that
 * a repeated event is a conflict and not a second document, and a document in ECS.
 * https://www.elastic.co/docs/reference/ecs
 *
 * `entra_risk` is the whole event as in the format `json`; the ECS fields repeat what searches,
 * rules and dashboards look for. `@timestamp` is when Microsoft last changed the fact, and
 * `event.created` when the hub took it; the ingest pipeline adds `event.ingested`.
 * @param namespace last part of the names of data streams
 */
export function ecsDocument(namespace: string): EventEncoder {
  const creates = mapped(
    ({ dataset }) => `{"create":{"_index":${JSON.stringify(`logs-${dataset}-${namespace}`)},"_id":`,
  )
  const events = mapped(
    ({ dataset, says }) =>
      `,"data_stream":{"type":"logs","dataset":"${dataset}","namespace":${JSON.stringify(namespace)}},"event":{${says},"module":"entra_risk","dataset":"${dataset}","provider":"Microsoft Entra ID Protection"`,
  )
  const form = new Form([
    ({ event: { kind } }) => creates[kind],
    ['', 'eventId'],
    ['}}\n{"@timestamp":', 'lastUpdatedAt'],
    `,"ecs":{"version":"${ECS_VERSION}"}`,
    ({ event: { kind } }) => events[kind],
    (archived) => (archived.event.kind === 'responseAction' ? response(archived) : ''),
    severity,
    [',"id":', 'eventId'],
    [',"code":', 'risk.eventType'],
    [',"reason":', 'risk.detail'],
    [',"start":', 'activityAt'],
    [',"created":', 'enqueuedAt'],
    [',"sequence":', 'sequenceNumber'],
    [',"hash":', 'digest'],
    '},"cloud":{"provider":"azure"}',
    [',"organization":{"id":', 'tenantId'],
    '}',
    [',"user":{', 'identity.type', 'if'],
    [',"id":', 'identity.id'],
    [',"name":', 'identity.displayName'],
    [',"email":', 'identity.userPrincipalName'],
    [',"risk":{"static_level":', 'risk.level'],
    ['}', 'risk.level', 'if'],
    ['}', 'identity.type', 'if'],
    source,
    [',"related":{', 'identity.type', 'if'],
    [',"user":[', 'identity.id'],
    [']', 'identity.id', 'if'],
    relatedAddress,
    ['}', 'identity.type', 'if'],
    [',"rule":{"name":', 'detection.name'],
    [',"description":', 'detection.description'],
    ['}', 'detection.name', 'if'],
    threat,
    ',"entra_risk":',
  ])
  return {
    write(out: ByteWriter, fields: EventFields, archived: ArchivedEvent): void {
      form.write(out, fields, archived)
      jsonEvent.write(out, fields, archived)
      out.ascii('}')
    },
  }
}
