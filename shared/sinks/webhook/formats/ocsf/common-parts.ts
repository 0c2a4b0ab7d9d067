import { slotOf } from '../../../../domain/event-fields.ts'
import type { FormPart } from '../../../../domain/form.ts'
import { digestHex } from '../../../../encoding/digest.ts'
import { quoted } from '../../../../encoding/quoted.ts'
import { inMilliseconds, type MadePart, mappedLiteral } from '../../mapped-field.ts'
import { sequence } from '../../supersedence.ts'

const VERSION = '1.8.0'

/** An OCSF class, of which events are written. */
export interface OcsfClass {
  readonly categoryUid: number
  readonly categoryName: string
  readonly classUid: number
  readonly className: string
}

/** The classification attributes of an event, as the beginning of its JSON. */
export function classification(of: OcsfClass, activityId: number, activityName: string): string {
  const { categoryUid, categoryName, classUid, className } = of
  const name = quoted(activityName)
  return (
    `{"category_uid":${categoryUid},"category_name":"${categoryName}",` +
    `"class_uid":${classUid},"class_name":"${className}","activity_id":${activityId},"activity_name":${name},` +
    `"type_uid":${classUid * 100 + activityId},"type_name":${quoted(`${className}: ${activityName}`)}`
  )
}

/** An id of an enumeration, and its caption. */
export type Value = readonly [id: number, caption: string]

/** What the source says, if it is not in the enumeration. */
export const OTHER = 99

/** `name_id` and `name`. */
export const idAndCaption = (name: string, [id, caption]: Value): string =>
  `,"${name}_id":${id},"${name}":${quoted(caption)}`

const SEVERITIES: ReadonlyMap<string, Value> = new Map([
  ['none', [1, 'Informational']],
  ['low', [2, 'Low']],
  ['medium', [3, 'Medium']],
  ['high', [4, 'High']],
])
const SEVERITY_UNKNOWN: Value = [0, 'Unknown']

/** `hidden` and levels that are not known have an unknown severity: neither low nor none. */
export const severity = mappedLiteral('risk.level', (level) =>
  idAndCaption('severity', SEVERITIES.get(level ?? '') ?? SEVERITY_UNKNOWN),
)

export const time = inMilliseconds(',"time":', 'lastUpdatedAt')

export const ENTRA = '{"name":"Microsoft Entra ID Protection","vendor_name":"Microsoft"}'
export const EXPORTER = '{"name":"Entra risk export","vendor_name":"Entra risk export"'

/**
 * @param profiles a JSON array
 * @param product its JSON, with what comes after it up to the next member
 */
export const metadata = (profiles: string, ...product: readonly FormPart[]): readonly FormPart[] => [
  `,"metadata":{"version":"${VERSION}","profiles":${profiles},"product":`,
  ...product,
  [',"uid":', 'eventId'],
  [',"original_event_uid":', 'detectionId'],
  [',"correlation_uid":', 'correlationId'],
  [',"event_code":', 'risk.eventType'],
  [',"log_name":', 'category'],
  [',"tenant_uid":', 'tenantId'],
  inMilliseconds(',"logged_time":', 'enqueuedAt'),
  [',"is_truncated":true', 'cut', 'if'],
  '}',
]

export const CLOUD: readonly FormPart[] = [
  ',"cloud":{"provider":"Azure"',
  [',"org":{"uid":', 'tenantId'],
  ['}', 'tenantId', 'if'],
  '}',
]

const recordDigest: MadePart = ({ digest }) =>
  `,"raw_data_hash":{"algorithm_id":3,"algorithm":"SHA-256","value":"${digestHex(digest)}"}`

const TYPES: ReadonlyMap<string, string> = new Map([
  ['servicePrincipal', 'Service Principal'],
  ['agent', 'AI Agent'],
  ['user', 'User'],
])

export const identityType = mappedLiteral('identity.type', (type) =>
  type === undefined ? '' : `,"type":${quoted(TYPES.get(type) ?? type)}`,
)

/** What is particular to an identity of Entra. */
export const IDENTITY_DATA: readonly FormPart[] = [
  [',"subtype":', 'identity.subtype'],
  [',"blueprintId":', 'identity.blueprintId'],
  [',"userPrincipalName":', 'identity.userPrincipalName'],
  [',"enabled":', 'identity.enabled'],
  [',"deleted":', 'identity.deleted'],
]

const IDENTITY_ID = slotOf('identity.id')
/** The schema wants an id, also of an identity whose id a destination does not get. */
const REDACTED = '"redacted"'

export const identityUid: MadePart = ({ event: { fields } }) =>
  fields.has(IDENTITY_ID) ? fields.bytes(IDENTITY_ID).toString() : REDACTED

/** Text, and the id of the identity after it. */
export const withIdentityUid = (text: string): readonly FormPart[] => [
  [text, 'identity.id'],
  [text + REDACTED, 'identity.id', 'unless'],
]

/** The identity that an event is about, as the affected resource. */
export const resources = (...data: readonly FormPart[]): readonly FormPart[] => [
  ...withIdentityUid(',"resources":[{"uid":'),
  [',"name":', 'identity.displayName'],
  [',"uid_alt":', 'identity.appId'],
  identityType,
  ',"role_id":3,"role":"Affected","data":{',
  ...IDENTITY_DATA,
  ...data,
  '}}]',
]

/** What the schema has no attribute for, by the model's names; the end of an event. */
export const unmapped = (...own: readonly FormPart[]): readonly FormPart[] => [
  recordDigest,
  ',"unmapped":{',
  [',"kind":', 'kind'],
  [',"factKey":', 'factKey'],
  [',"origin":', 'origin'],
  sequence,
  [',"lastUpdatedFrom":', 'lastUpdatedFrom'],
  ...own,
  [',"position":{"namespace":', 'namespace'],
  [',"hub":', 'hub'],
  [',"partition":', 'partition'],
  [',"sequenceNumber":"', 'sequenceNumber'],
  ['","ordinal":', 'ordinal'],
  [',"blob":', 'blob'],
  [',"line":', 'line'],
  '}',
  [',"redacted":', 'redacted'],
  [',"cut":', 'cut'],
  '}}',
]
