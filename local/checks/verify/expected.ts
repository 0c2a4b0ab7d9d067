import { isIP } from 'node:net'
import { isObject, type Json, type JsonObject } from './json.ts'

/**
 * The expected outcome of a record and the expected fields of its event, derived only from the
 * record as sent.
 */
export interface Expected {
  /**
   * `event`: clearly has everything an event needs. `kept`: an event or a fault. `skipped`: belongs
   * to another log.
   */
  readonly fate: 'event' | 'kept' | 'skipped'
  /** Expected fields by path; only those that can be copied. */
  readonly says: ReadonlyMap<string, Json>
}

type Reader = (value: Json | undefined) => Json | undefined
type Field = readonly [path: string, field: string, reader: Reader]

const MAX_PLAIN_CHARS = 1000
const MAX_PLAIN_DEPTH = 32
const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const OTHER_GUID = /^[{(]|^[0-9a-f]{32}$|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i
const TIME = /^20\d\d-\d\d-\d\dT(?:[01]\d|2[0-3])(?::[0-5]\d){2}(?:\.\d{1,9})?Z$/

const text: Reader = (value) =>
  typeof value === 'string' && value !== '' && value === value.trim() && value.length <= MAX_PLAIN_CHARS
    ? value
    : undefined

const id: Reader = (value) => {
  const plain = text(value)
  if (typeof plain !== 'string') return undefined
  if (GUID.test(plain)) return plain.toLowerCase()
  return OTHER_GUID.test(plain) ? undefined : plain
}

const time: Reader = (value) => {
  const ms = typeof value === 'string' && TIME.test(value) ? Date.parse(value) : Number.NaN
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString()
}

const flag: Reader = (value) => (typeof value === 'boolean' ? value : undefined)
const address: Reader = (value) =>
  typeof value === 'string' && isIP(value) !== 0 && /^[\d.a-f:]+$/.test(value) ? value : undefined

const OF_ALL: readonly Field[] = [
  ['risk.level', 'riskLevel', text],
  ['risk.state', 'riskState', text],
  ['risk.detail', 'riskDetail', text],
  ['identity.appId', 'appId', id],
  ['identity.enabled', 'accountEnabled', flag],
  ['identity.deleted', 'isDeleted', flag],
  ['processing', 'isProcessing', flag],
]

const OF_DETECTIONS: readonly Field[] = [
  ['detectionId', 'id', id],
  ['risk.eventType', 'riskEventType', text],
  ['source', 'source', text],
  ['timingType', 'detectionTimingType', text],
  ['activity', 'activity', text],
  ['tokenIssuerType', 'tokenIssuerType', text],
  ['requestId', 'requestId', text],
  ['correlationId', 'correlationId', text],
  ['ipAddress', 'ipAddress', address],
  ['activityAt', 'activityDateTime', time],
  ['detectedAt', 'detectedDateTime', time],
  ['evidence', 'riskEvidence', text],
]

const OF_AGENTS: readonly Field[] = [
  ['identity.subtype', 'identityType', text],
  ['identity.blueprintId', 'blueprintId', id],
]

const OF_AGENT_DETECTIONS: readonly Field[] = [
  ...OF_AGENTS,
  ['signInRequestId', 'signInRequestId', id],
  ['signInCorrelationId', 'signInCorrelationId', id],
  ['clientSessionId', 'clientSessionId', id],
]

const own = (idField: string, nameField: string, updatedField: string): readonly Field[] => [
  ['identity.id', idField, id],
  ['identity.displayName', nameField, text],
  ['lastUpdatedAt', updatedField, time],
]

const FIELDS: ReadonlyMap<string, readonly Field[]> = new Map([
  [
    'serviceprincipalriskevents',
    own('servicePrincipalId', 'servicePrincipalDisplayName', 'lastUpdatedDateTime'),
  ],
  [
    'agentriskevents',
    [...own('agentId', 'agentDisplayName', 'lastModifiedDateTime'), ...OF_AGENT_DETECTIONS],
  ],
  ['userriskevents', own('userId', 'userDisplayName', 'lastUpdatedDateTime')],
  ['riskyserviceprincipals', own('id', 'displayName', 'riskLastUpdatedDateTime')],
  ['riskyagents', [...own('id', 'agentDisplayName', 'riskLastModifiedDateTime'), ...OF_AGENTS]],
  ['riskyusers', own('id', 'userDisplayName', 'riskLastUpdatedDateTime')],
])

/** Required for an event; a record without one of these may be a fault. */
const NEEDED = ['detectionId', 'identity.id', 'lastUpdatedAt']
/** A fault if present but unreadable; optional otherwise. */
const NEVER_ODD = ['risk.state', 'activityAt', 'detectedAt']

const NOTHING: ReadonlyMap<string, Json> = new Map()
const isAbsent = (value: Json | undefined): boolean => value === undefined || value === null
const isBlank = (value: Json | undefined): boolean =>
  isAbsent(value) || (typeof value === 'string' && value.trim() === '')
const isShallow = (value: Json, depth = 0): boolean =>
  typeof value !== 'object' ||
  value === null ||
  (depth < MAX_PLAIN_DEPTH && Object.values(value).every((inner) => isShallow(inner, depth + 1)))

function fateOfOthers(record: JsonObject, category: string): Expected['fate'] {
  if (category === '') return 'metricName' in record ? 'skipped' : 'kept'
  return category.includes('risk') ? 'kept' : 'skipped'
}

/** Interprets a record by Microsoft's documentation, independently of the program. */
export function expectedOf(record: Json): Expected {
  if (!isObject(record)) return { fate: 'kept', says: NOTHING }
  const named = [record['category'], record['Category']].find((value) => !isBlank(value))
  const category = typeof named === 'string' ? named.trim().toLowerCase() : ''
  const ofCategory = FIELDS.get(category)
  if (ofCategory === undefined) return { fate: fateOfOthers(record, category), says: NOTHING }
  const properties = record['properties']
  if (!isObject(properties)) return { fate: 'kept', says: NOTHING }
  const isDetection = category.endsWith('riskevents')
  const fields = [...ofCategory, ...(isDetection ? OF_DETECTIONS : []), ...OF_ALL]
  const says = new Map<string, Json>([['kind', isDetection ? 'riskDetection' : 'riskyIdentity']])
  const tenant = id(record['tenantId'])
  if (tenant !== undefined) says.set('tenantId', tenant)
  for (const [path, field, reader] of fields) {
    const value = reader(properties[field])
    if (value !== undefined) says.set(path, value)
  }
  const isPlain = fields.every(
    ([path, field]) =>
      says.has(path) ||
      !(NEEDED.includes(path) || (NEVER_ODD.includes(path) && !isAbsent(properties[field]))),
  )
  const isEvent = isPlain && isShallow(record) && (tenant !== undefined || isAbsent(record['tenantId']))
  return { fate: isEvent ? 'event' : 'kept', says }
}
