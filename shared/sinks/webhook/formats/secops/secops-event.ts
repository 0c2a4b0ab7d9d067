import { isIP } from 'node:net'
import type { EventFields } from '../../../../domain/event-fields.ts'
import type { ArchivedEvent, ExportedEvent } from '../../../../domain/exported-event.ts'
import { Form } from '../../../../domain/form.ts'
import type { ByteWriter } from '../../../../encoding/byte-writer.ts'
import type { Json } from '../../../../encoding/json.ts'
import { parseText } from '../../../../encoding/written-json.ts'
import { fieldText } from '../../mapped-field.ts'
import type { EventEncoder } from '../../webhook-format.ts'
import { jsonEvent } from '../json/json-event.ts'

/** Levels that UDM has under another name; the others have the same, or are not known. */
const SEVERITIES: ReadonlyMap<string, string> = new Map([
  ['none', 'NONE'],
  ['low', 'LOW'],
  ['medium', 'MEDIUM'],
  ['high', 'HIGH'],
])

const severity = fieldText(
  'risk.level',
  (level) => `,"severity":"${SEVERITIES.get(parseText(level)) ?? 'UNKNOWN_SEVERITY'}"`,
)

const alertState = fieldText(
  'risk.state',
  (state) =>
    `,"alert_state":"${['atRisk', 'confirmedCompromised'].includes(parseText(state)) ? 'ALERTING' : 'NOT_ALERTING'}"`,
)

const principal = fieldText('ipAddress', (json) =>
  isIP(parseText(json)) === 0 ? '' : `,"principal":{"ip":[${json}]}`,
)

const TECHNIQUE = /^T\d{4}(?:\.\d{3})?$/

function parseTechniques(json: string): string {
  const given: Json = JSON.parse(json)
  const ids = Array.isArray(given)
    ? given.filter((id) => typeof id === 'string' && TECHNIQUE.test(id)).map((id) => ({ id }))
    : []
  return ids.length === 0 ? '' : `,"attack_details":{"techniques":${JSON.stringify(ids)}}`
}
const techniques = fieldText('attack.techniques', parseTechniques)

const resourceType = fieldText(
  'identity.type',
  (type) => `"resource_type":"${parseText(type) === 'user' ? 'USER' : 'SERVICE_ACCOUNT'}"`,
)

/** What an event of each kind is called, where the record does not say. */
const NAMES: Readonly<Record<ExportedEvent['kind'], string>> = {
  riskDetection: 'Risk detection',
  riskyIdentity: 'Risk state',
  identityContext: 'Identity context',
  responseAction: 'Response action',
  heartbeat: 'Heartbeat',
}

const UDM = new Form([
  ['{"udm":{"metadata":{"event_timestamp":', 'lastUpdatedAt'],
  [',"collected_timestamp":', 'enqueuedAt'],
  ',"event_type":"GENERIC_EVENT","vendor_name":"Microsoft","product_name":"Entra ID Protection"',
  ({ event: { kind } }) => `,"description":"${NAMES[kind]}"`,
  [',"product_event_type":', 'risk.eventType'],
  [',"product_log_id":', 'eventId'],
  [',"product_deployment_id":', 'tenantId'],
  '}',
  principal,
  [',"target":{"resource":{', 'identity.type', 'if'],
  resourceType,
  [',"resource_subtype":', 'identity.type'],
  [',"product_object_id":', 'identity.id'],
  [',"name":', 'identity.displayName'],
  ['}}', 'identity.type', 'if'],
  [',"security_result":[{"detection_fields":[{"key":"origin","value":', 'origin'],
  '}',
  [',{"key":"risk_state","value":', 'risk.state'],
  ['}', 'risk.state', 'if'],
  [',{"key":"risk_level","value":', 'risk.level'],
  ['}', 'risk.level', 'if'],
  [',{"key":"risk_detail","value":', 'risk.detail'],
  ['}', 'risk.detail', 'if'],
  ']',
  severity,
  alertState,
  [',"rule_name":', 'risk.eventType'],
  [',"summary":', 'detection.name'],
  [',"description":', 'detection.description'],
  techniques,
  '}]',
  '},"event":',
])

/**
 * One event for Google SecOps, on one line: `udm`, the fields of its Unified Data Model as its JSON
 * names them, for a parser that only renames (integrations/google-secops), and `event`, the event
 * as in the format `json`.
 * https://cloud.google.com/chronicle/docs/reference/udm-field-list
 */
export const secopsEvent: EventEncoder = {
  write(out: ByteWriter, fields: EventFields, archived: ArchivedEvent): void {
    UDM.write(out, fields, archived)
    jsonEvent.write(out, fields, archived)
    out.ascii('}')
  },
}
