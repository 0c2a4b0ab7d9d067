import { slotOf } from '../../../../domain/event-fields.ts'
import { Form, type FormPart } from '../../../../domain/form.ts'
import { isJsonObject, type Json } from '../../../../encoding/json.ts'
import { quoted } from '../../../../encoding/quoted.ts'
import type { MadePart } from '../../mapped-field.ts'
import {
  CLOUD,
  classification,
  EXPORTER,
  IDENTITY_DATA,
  idAndCaption,
  identityType,
  metadata,
  type OcsfClass,
  OTHER,
  resources,
  severity,
  time,
  unmapped,
  type Value,
  withIdentityUid,
} from './common-parts.ts'

const BASE_EVENT: OcsfClass = {
  categoryUid: 0,
  categoryName: 'Uncategorized',
  classUid: 0,
  className: 'Base Event',
}
const INVENTORY: OcsfClass = {
  categoryUid: 5,
  categoryName: 'Discovery',
  classUid: 5023,
  className: 'Cloud Resources Inventory Info',
}
const ENTITY_MANAGEMENT: OcsfClass = {
  categoryUid: 3,
  categoryName: 'Identity & Access Management',
  classUid: 3004,
  className: 'Entity Management',
}

const INFORMATIONAL = idAndCaption('severity', [1, 'Informational'])

/** The level and state before: these classes have no attributes for risk. */
const RISK: readonly FormPart[] = [
  ',"risk":{',
  [',"level":', 'risk.level'],
  [',"state":', 'risk.state'],
  [',"detail":', 'risk.detail'],
  '}',
]

/** A sign of life is in no other class of the schema. */
export const heartbeatEvent = new Form([
  classification(BASE_EVENT, OTHER, 'Heartbeat'),
  INFORMATIONAL,
  time,
  ...metadata('[]', EXPORTER, [',"version":', 'version'], '}'),
  ...unmapped([',"health":', 'health']),
])

/** What an identity is and may do, as collected from the directory. */
export const inventoryInfo = new Form([
  classification(INVENTORY, 2, 'Collect'),
  severity,
  time,
  ...metadata('["cloud"]', EXPORTER, '}'),
  ...CLOUD,
  ...resources([',"context":', 'context']),
  ...unmapped(...RISK),
])

const ACTIVITIES: ReadonlyMap<Json | undefined, Value> = new Map<Json | undefined, Value>([
  ['disable', [9, 'Disable']],
  ['enable', [8, 'Enable']],
])
/** Credentials and risk are properties of the identity. */
const UPDATE: Value = [3, 'Update']

const RESULTS: ReadonlyMap<Json | undefined, Value> = new Map<Json | undefined, Value>([
  ['done', [1, 'Success']],
  ['failed', [2, 'Failure']],
])
const RESULT_UNKNOWN: Value = [0, 'Unknown']

const RESPONSE = slotOf('response')

const text = (name: string, value: Json | undefined): string =>
  typeof value === 'string' ? `,"${name}":${quoted(value)}` : ''

/** Who did what, with what result, and why. */
const action: MadePart = ({ event: { fields } }) => {
  const parsed = fields.parse(RESPONSE)
  const response = parsed !== undefined && isJsonObject(parsed) ? parsed : {}
  const { action: name, result, fault, actorId, reason } = response
  const actor = typeof actorId === 'string' ? `,"actor":{"user":{"uid":${quoted(actorId)}}}` : ''
  return [
    classification(ENTITY_MANAGEMENT, ...(ACTIVITIES.get(name) ?? UPDATE)),
    idAndCaption('status', RESULTS.get(result) ?? RESULT_UNKNOWN),
    text('status_code', result),
    text('status_detail', fault),
    text('comment', reason),
    actor,
  ].join('')
}

/** What an operator did about an identity. */
export const entityManagement = new Form([
  action,
  severity,
  time,
  ...metadata('["cloud"]', EXPORTER, '}'),
  ...CLOUD,
  ...withIdentityUid(',"entity":{"uid":'),
  [',"name":', 'identity.displayName'],
  `,"type_id":${OTHER}`,
  identityType,
  ',"data":{',
  [',"appId":', 'identity.appId'],
  ...IDENTITY_DATA,
  '}}',
  ...unmapped(...RISK, [',"response":', 'response']),
])
