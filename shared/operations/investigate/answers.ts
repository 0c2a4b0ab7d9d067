import type { ContextSections } from '../../domain/identity-context.ts'
import type { RiskDetection } from '../../domain/risk-event.ts'
import { placeOf } from '../report/report-rows.ts'
import { HUNTS, type Hunt, type QuestionId } from './hunts.ts'
import { type Investigation, isAgent, latestContext } from './investigation.ts'
import { credentialText, dateOf, permissionText } from './section-lines.ts'
import { isUnknown, knownIn, msOf } from './sections.ts'
import { finding, firstOf, good, plainly, type Told, timeText, unknown } from './told.ts'

/** One of Microsoft's questions, what the archive answers, and what only the logs can. */
export interface Answer {
  readonly id: QuestionId
  readonly question: string
  readonly lines: readonly Told[]
  readonly hunts: readonly Hunt[]
}

const TITLES: Readonly<Record<QuestionId, string>> = {
  signIns: 'Did it sign in suspiciously?',
  credentials: 'Were its credentials changed without authorisation?',
  configuration: 'Was its configuration changed?',
  roles: 'Did it acquire app roles?',
  further: 'What else did it do?',
}

/** Detection types that answer a question by themselves; others say nothing of it. */
const ANSWERED_BY: Readonly<Record<QuestionId, readonly string[]>> = {
  signIns: [
    'suspiciousSignins',
    'investigationsThreatIntelligence',
    'unfamiliarResourceAccess',
    'signInSpike',
    'failedAccessAttempt',
    'riskyUserSignIn',
    'threatIntelligenceAccount',
  ],
  credentials: ['leakedCredentials', 'suspiciousCredentialUsage'],
  configuration: ['anomalousServicePrincipalActivity', 'maliciousApplication', 'suspiciousApplication'],
  roles: [],
  further: ['suspiciousAPITraffic', 'entraDirectoryReconnaissance', 'earlyLifeMaliciousActivity'],
}

const MAX_LINES = 8
const RECENT_MS = 30 * 86_400_000

function detected({ detection, risk, activityAt, ipAddress, location, keyIds }: RiskDetection): Told {
  const where = [ipAddress, placeOf(location)].filter((part) => part !== undefined && part !== '').join(', ')
  const parts = [
    detection?.name ?? risk.eventType ?? '',
    activityAt === undefined ? undefined : `activity at ${timeText(activityAt)}`,
    where === '' ? undefined : `from ${where}`,
    keyIds.length === 0 ? undefined : `key ids ${keyIds.join(', ')}`,
  ]
  return finding(`detected: ${parts.filter((part) => part !== undefined).join('; ')}`)
}

const detections = ({ detections: all }: Investigation, id: QuestionId): readonly Told[] =>
  firstOf(
    all.filter(({ risk }) => ANSWERED_BY[id].includes(risk.eventType ?? '')).map(detected),
    MAX_LINES,
    'detections',
  )

/** What a later context has that the first one had not. */
function added<T>(
  { contexts }: Investigation,
  listOf: (sections: ContextSections) => readonly T[] | undefined,
  keyOf: (one: T) => string,
): readonly T[] {
  const [before, now] = [contexts[0], contexts.at(-1)].map((read) =>
    read === undefined ? undefined : listOf(read.sections),
  )
  if (before === undefined || now === undefined) return []
  const known = new Set(before.map(keyOf))
  return now.filter((one) => !known.has(keyOf(one)))
}

function aboutCredentials(of: Investigation): readonly Told[] {
  const sections = latestContext(of)?.sections
  if (sections === undefined) return []
  if (isAgent(of)) return [plainly('agents have no credentials of their own: look at those of the blueprint')]
  const { credentials: all } = sections
  if (isUnknown(all)) return [unknown(`credentials unknown: ${all.unknown}`)]
  const since = (of.began ?? 0) - RECENT_MS
  const recent = all.filter(({ startsAt }) => msOf(startsAt) >= since)
  const onItself = all.filter((one) => one.on === 'servicePrincipal' && !recent.includes(one))
  const federated = added(
    of,
    (one) => knownIn(one.federatedCredentials),
    ({ issuer, subject }) => `${issuer} ${subject}`,
  )
  const told = [
    ...recent.map((one) => finding(`begins within 30 days of it, or later: ${credentialText(one)}`)),
    ...onItself.map((one) => finding(`unusual place: ${credentialText(one)}`)),
    ...federated.map(({ name, subject }) =>
      finding(`federated credential new since the first look: ${name}, ${subject}`),
    ),
  ]
  return told.length > 0
    ? firstOf(told, MAX_LINES, 'credentials')
    : [good('no credential begins within 30 days of it, or later; removed ones are in the audit log only')]
}

function aboutConfiguration(of: Investigation): readonly Told[] {
  const principal = latestContext(of)?.sections.principal
  if (principal === undefined) return []
  if (isUnknown(principal)) return [unknown(`account unknown: ${principal.unknown}`)]
  if (principal.presence === 'notFound') return [finding('deleted since')]
  const { disabledByMicrosoftStatus: status, createdAt } = principal
  const owners = added(
    of,
    (one) => knownIn(one.owners),
    ({ id }) => id,
  )
  const isNew = msOf(createdAt) >= (of.began ?? 0) - RECENT_MS
  return [
    ...(status === undefined ? [] : [finding(`disabled by Microsoft: ${status}`)]),
    ...(isNew && of.began !== undefined ? [finding(`created only on ${dateOf(createdAt)}`)] : []),
    ...owners.map(({ type, id }) => finding(`owner new since the first look: ${type} ${id}`)),
  ]
}

function aboutRoles(of: Investigation): readonly Told[] {
  const sections = latestContext(of)?.sections
  if (sections === undefined) return []
  const { permissions, directoryRoles } = sections
  const grown = added(of, (one) => knownIn(one.permissions)?.granted, permissionText)
  const told: Told[] = grown.map((one) => finding(`new since the first look: ${permissionText(one)}`))
  if (isUnknown(permissions)) told.push(unknown(`permissions unknown: ${permissions.unknown}`))
  else {
    const { worst, granted } = permissions
    told.push(
      worst === undefined
        ? good('it holds no permission')
        : (worst.tier === 0 ? finding : plainly)(
            `it holds ${granted.length}; worst: ${permissionText(worst)}`,
          ),
    )
  }
  if (isUnknown(directoryRoles)) told.push(unknown(`directory roles unknown: ${directoryRoles.unknown}`))
  else if (directoryRoles.length > 0)
    told.push(finding(`directory roles: ${directoryRoles.map(({ name }) => name).join(', ')}`))
  return firstOf(told, MAX_LINES, 'permissions')
}

const ABOUT: Readonly<Record<QuestionId, (of: Investigation) => readonly Told[]>> = {
  signIns: () => [],
  credentials: aboutCredentials,
  configuration: aboutConfiguration,
  roles: aboutRoles,
  further: () => [],
}

/** Microsoft's four questions, and what goes beyond them, as far as the archive answers them. */
export const answersTo = (of: Investigation): readonly Answer[] =>
  (Object.keys(TITLES) as QuestionId[]).map((id) => {
    const told = [...detections(of, id), ...ABOUT[id](of)]
    return {
      id,
      question: TITLES[id],
      lines: told.length > 0 ? told : [unknown('only the logs of the tenant tell')],
      hunts: HUNTS.filter(({ question }) => question === id),
    }
  })
