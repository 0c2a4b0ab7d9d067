import { type Field, slotOf } from '../../../../domain/event-fields.ts'
import { Form, type FormPart } from '../../../../domain/form.ts'
import { quoted } from '../../../../encoding/quoted.ts'
import { fieldText, inMilliseconds, type MadePart, made, mapped, mappedLiteral } from '../../mapped-field.ts'
import {
  CLOUD,
  classification,
  ENTRA,
  idAndCaption,
  identityUid,
  metadata,
  type OcsfClass,
  OTHER,
  resources,
  severity,
  time,
  unmapped,
  type Value,
} from './common-parts.ts'
import { evidences, observables, textsOf } from './evidences.ts'

const DETECTION_FINDING: OcsfClass = {
  categoryUid: 2,
  categoryName: 'Findings',
  classUid: 2004,
  className: 'Detection Finding',
}

const CREATE: Value = [1, 'Create']
const UPDATE: Value = [2, 'Update']
const CLOSE: Value = [3, 'Close']

/** What a risk state means for the finding. */
const LIFE: ReadonlyMap<string | undefined, { readonly activity: Value; readonly status: Value }> = new Map([
  [undefined, { activity: CREATE, status: [0, 'Unknown'] }],
  ['atRisk', { activity: CREATE, status: [1, 'New'] }],
  ['confirmedCompromised', { activity: UPDATE, status: [2, 'In Progress'] }],
  ['dismissed', { activity: CLOSE, status: [3, 'Suppressed'] }],
  ['confirmedSafe', { activity: CLOSE, status: [3, 'Suppressed'] }],
  ['remediated', { activity: CLOSE, status: [4, 'Resolved'] }],
  ['none', { activity: CLOSE, status: [OTHER, 'none'] }],
])

const life = mappedLiteral('risk.state', (state) => {
  const { activity, status } = LIFE.get(state) ?? { activity: UPDATE, status: [OTHER, state ?? ''] as const }
  const alert = `,"is_alert":${activity !== CLOSE}`
  return `${classification(DETECTION_FINDING, ...activity)}${idAndCaption('status', status)}${alert}`
})

const RISK_LEVELS: ReadonlyMap<string, Value> = new Map([
  ['none', [0, 'Info']],
  ['low', [1, 'Low']],
  ['medium', [2, 'Medium']],
  ['high', [3, 'High']],
])

const riskLevel = mappedLiteral('risk.level', (level) =>
  level === undefined ? '' : idAndCaption('risk_level', RISK_LEVELS.get(level) ?? [OTHER, level]),
)

/** `T1078.004` is a sub-technique of `T1078`. */
function attack(uid: string): string {
  const [parent = ''] = uid.split('.')
  return parent === uid
    ? `{"technique":{"uid":${quoted(uid)}}}`
    : `{"technique":{"uid":${quoted(parent)}},"sub_technique":{"uid":${quoted(uid)}}}`
}

const attacks: MadePart = made('attack.techniques', (techniques) => {
  const list = textsOf(techniques)
  return list.length === 0 ? '' : `,"attacks":[${list.map(attack).join(',')}]`
})

const HEAD: readonly FormPart[] = [
  life,
  severity,
  riskLevel,
  [',"status_code":', 'risk.state'],
  [',"status_detail":', 'risk.detail'],
  [',"risk_details":', 'evidence'],
  time,
  inMilliseconds(',"start_time":', 'activityAt'),
  ...metadata('["cloud"]', ENTRA),
  ...CLOUD,
]

const tail = (...own: readonly FormPart[]): readonly FormPart[] => [
  ...resources(),
  ...observables,
  ...unmapped(...own, [',"processing":', 'processing'], [',"extra":', 'extra']),
]

const DISPLAY_NAME = slotOf('identity.displayName')

/** Two JSON strings as one. */
const joined = (one: string, separator: string, other: string): string =>
  `${one.slice(0, -1)}${separator}${other.slice(1)}`

/** A line for an analyst: what, and who. */
const message =
  (what: MadePart): MadePart =>
  (archived) => {
    const { fields } = archived.event
    const who = fields.has(DISPLAY_NAME) ? fields.bytes(DISPLAY_NAME).toString() : identityUid(archived)
    return `,"message":${joined(what(archived), ': ', who)}`
  }

const name = fieldText('detection.name', (json) => json)
const eventType = fieldText('risk.eventType', (json) => json)

const title: MadePart = (archived) => name(archived) || eventType(archived) || '"Risk detection"'

const FACT_KEY = slotOf('factKey')

/** That of the fact, if the destination does not get the id. */
const findingUid = (id: Field): readonly FormPart[] => [
  [',"finding_info":{"uid":', id],
  [',"finding_info":{"uid":', id, 'unless'],
  {
    write(out, fields) {
      if (!fields.has(slotOf(id))) fields.copyTo(out, FACT_KEY)
    },
  },
]

/** A detection, in a finding of its own. */
export const detectionFinding = new Form([
  ...HEAD,
  message(title),
  ...findingUid('detectionId'),
  (archived) => `,"title":${title(archived)}`,
  [',"desc":', 'detection.description'],
  [',"types":[', 'risk.eventType'],
  [']', 'risk.eventType', 'if'],
  inMilliseconds(',"created_time":', 'detectedAt'),
  inMilliseconds(',"modified_time":', 'lastUpdatedAt'),
  [',"analytic":{"uid":', 'risk.eventType'],
  [',"type_id":0,"type":"Unknown"}', 'risk.eventType', 'if'],
  [',"data_sources":[', 'source'],
  [']', 'source', 'if'],
  attacks,
  '}',
  evidences,
  [',"remediation":{"desc":"How to investigate a detection of this type.","references":', 'detection.links'],
  ['}', 'detection.links', 'if'],
  ...tail(
    [',"timingType":', 'timingType'],
    [',"activity":', 'activity'],
    [',"tokenIssuerType":', 'tokenIssuerType'],
    [',"requestId":', 'requestId'],
    [',"signInRequestId":', 'signInRequestId'],
    [',"signInCorrelationId":', 'signInCorrelationId'],
    [',"clientSessionId":', 'clientSessionId'],
    [',"location":', 'location'],
    [',"additionalInfo":', 'additionalInfo'],
    [',"attackOrigin":', 'attack.origin'],
    [',"detectionSeverity":', 'detection.severity'],
  ),
])

const RISKY: ReadonlyMap<string | undefined, string> = new Map([
  ['servicePrincipal', 'Risky service principal'],
  ['agent', 'Risky agent'],
  ['user', 'Risky user'],
])

const riskyTitle: MadePart = mapped('identity.type', (type) => `"${RISKY.get(type) ?? 'Risky identity'}"`)

/** The state of an identity: one finding as long as the identity lives. */
export const identityFinding = new Form([
  ...HEAD,
  message(riskyTitle),
  ...findingUid('identity.id'),
  (archived) => `,"title":${riskyTitle(archived)}`,
  inMilliseconds(',"modified_time":', 'lastUpdatedAt'),
  '}',
  ...tail(),
])
