import { duration } from '../../domain/duration.ts'
import { type Instant, instant } from '../../domain/identifiers.ts'
import { RISK_DETAILS } from '../../domain/risk-details.ts'
import type { Risk, RiskDetection } from '../../domain/risk-event.ts'
import { placeOf } from '../report/report-rows.ts'
import type { Investigation, ReadContext } from './investigation.ts'
import { type Response, responseText } from './response.ts'
import { knownIn, msOf } from './sections.ts'

export type TimelineKind = 'activity' | 'detection' | 'state' | 'context' | 'response' | 'credential'

/** Something that happened, at the time it happened. */
export interface TimelineEntry {
  readonly at: Instant
  readonly kind: TimelineKind
  readonly title: string
  /** Risk level, where it has one. */
  readonly level?: string
  readonly notes: readonly string[]
}

/** Older credentials have little to do with what was detected. */
const CREDENTIALS_BEFORE_MS = 30 * 86_400_000
/** A detection this late after its activity is worth a word. */
const LATE_MS = 86_400_000

const typeOf = ({ detection, risk }: RiskDetection): string =>
  detection?.name ?? risk.eventType ?? 'Detection of unknown type'

const withLevel = ({ level }: { readonly level?: string | undefined }) =>
  level === undefined ? {} : { level }

const known = (...notes: readonly (string | false | undefined)[]): readonly string[] =>
  notes.flatMap((note) => (note === undefined || note === false || note === '' ? [] : [note]))

function activityNotes({ ipAddress, location, evidence, keyIds }: RiskDetection): readonly string[] {
  return known(
    [ipAddress === undefined ? '' : `from ${ipAddress}`, placeOf(location) ?? '']
      .filter((part) => part !== '')
      .join(', '),
    keyIds.length > 0 && `key ids ${keyIds.join(', ')}`,
    evidence,
  )
}

/** @param level as it was detected; it may have changed since */
function ofDetection(found: RiskDetection, level: string | undefined): readonly TimelineEntry[] {
  const { activityAt, detectedAt, lastUpdatedAt, attack } = found
  const at = detectedAt ?? lastUpdatedAt
  const type = typeOf(found)
  const about = activityNotes(found)
  const isApart = activityAt !== undefined && activityAt !== at
  const gap = activityAt === undefined ? 0 : at - activityAt
  const detected: TimelineEntry = {
    at,
    kind: 'detection',
    title: `Detected: ${type}`,
    ...withLevel({ level }),
    notes: known(
      gap > 0 &&
        `${duration(gap)} after the activity${gap >= LATE_MS ? ': look at what happened in between' : ''}`,
      ...(isApart ? [] : about),
      attack !== undefined && `ATT&CK ${attack.techniques.join(', ')}`,
    ),
  }
  return isApart
    ? [{ at: activityAt, kind: 'activity', title: `Activity: ${type}`, notes: about }, detected]
    : [detected]
}

const wordsOf = ({ state, level, detail }: Risk): string => `${state ?? ''} ${level ?? ''} ${detail ?? ''}`

const detailOf = ({ detail }: Risk): string | undefined =>
  detail === undefined || detail === 'none' ? undefined : (RISK_DETAILS.get(detail) ?? detail)

/** What a detection became, after it was detected. */
function changesOf(versions: readonly RiskDetection[]): readonly TimelineEntry[] {
  const before = new Map<string, RiskDetection>()
  return versions.flatMap((version) => {
    const last = before.get(version.detectionId)
    before.set(version.detectionId, version)
    if (last === undefined || wordsOf(last.risk) === wordsOf(version.risk)) return []
    const { risk, lastUpdatedAt: at } = version
    return [
      {
        at,
        kind: 'detection' as const,
        title: `${typeOf(version)}: ${risk.state ?? 'state unknown'}`,
        ...withLevel(risk),
        notes: known(detailOf(risk)),
      },
    ]
  })
}

interface State {
  readonly at: Instant
  readonly risk: Risk
  readonly account: string | undefined
}

function statesOf({ states, contexts }: Investigation): readonly TimelineEntry[] {
  const told: State[] = states.map(({ risk, identity, lastUpdatedAt: at }) => ({
    at,
    risk,
    account:
      identity.deleted === true ? 'deleted' : identity.enabled === false ? 'sign-in is disabled' : undefined,
  }))
  // Graph knows states from before the stream, and those that the stream has lost.
  const history = (knownIn(contexts.at(-1)?.sections.riskHistory) ?? []).flatMap(
    ({ at, level, state, detail }): State[] => {
      const ms = msOf(at)
      if (Number.isNaN(ms) || told.some((one) => one.at === ms)) return []
      const risk = {
        ...(level === undefined ? {} : { level }),
        ...(state === undefined ? {} : { state }),
        ...(detail === undefined ? {} : { detail }),
      }
      return [{ at: instant(ms), risk, account: undefined }]
    },
  )
  const all = [...told, ...history].sort((a, b) => a.at - b.at)
  return all.flatMap(({ at, risk, account }, i) => {
    const last = all[i - 1]
    if (last !== undefined && wordsOf(last.risk) === wordsOf(risk) && last.account === account) return []
    return [
      {
        at,
        kind: 'state' as const,
        title: `State: ${risk.state ?? 'unknown'}`,
        ...withLevel(risk),
        notes: known(detailOf(risk), account),
      },
    ]
  })
}

function ofResponse(response: Response): TimelineEntry {
  const { at, reason, actorId, fault } = response
  const text = responseText(response)
  return {
    at,
    kind: 'response',
    title: `${text.charAt(0).toUpperCase()}${text.slice(1)}`,
    notes: known(fault, actorId !== undefined && `by ${actorId}`, reason),
  }
}

const ofContext = ({ at }: ReadContext): TimelineEntry => ({
  at,
  kind: 'context',
  title: 'Context read from Microsoft Graph',
  notes: [],
})

/** Credentials that begin around or after the activity. */
function newCredentials({ contexts, began }: Investigation): readonly TimelineEntry[] {
  const starts = new Map<string, TimelineEntry>()
  for (const { sections } of contexts)
    for (const { type, keyId, on, startsAt } of knownIn(sections.credentials) ?? []) {
      const ms = msOf(startsAt)
      if (Number.isNaN(ms) || began === undefined || ms < began - CREDENTIALS_BEFORE_MS) continue
      starts.set(keyId, {
        at: instant(ms),
        kind: 'credential',
        title: `${type === 'password' ? 'Secret' : 'Certificate'} begins, on the ${on === 'application' ? 'application' : 'service principal itself'}`,
        notes: [`key id ${keyId}`],
      })
    }
  return [...starts.values()]
}

/** What causes comes before what it causes, at the same time. */
const RANK: Readonly<Record<TimelineKind, number>> = {
  credential: 0,
  activity: 1,
  detection: 2,
  state: 3,
  context: 4,
  response: 5,
}

const firstLevel = ({ detectionVersions }: Investigation, { detectionId }: RiskDetection) =>
  detectionVersions.find((one) => one.detectionId === detectionId && one.risk.level !== undefined)?.risk.level

/** All that happened, from the first activity on, oldest first. */
export const timelineOf = (of: Investigation): readonly TimelineEntry[] =>
  [
    ...of.detections.flatMap((found) => ofDetection(found, firstLevel(of, found))),
    ...changesOf(of.detectionVersions),
    ...statesOf(of),
    ...of.contexts.map(ofContext),
    ...of.responses.map(ofResponse),
    ...newCredentials(of),
  ].sort((a, b) => a.at - b.at || RANK[a.kind] - RANK[b.kind])
