import { duration } from '../../domain/duration.ts'
import { type AccountState, accountOf } from './account.ts'
import { type Investigation, latestContext } from './investigation.ts'
import { coverageTold } from './section-lines.ts'
import { isUnknown, knownIn } from './sections.ts'
import { finding, good, plainly, type Told, timeText, unknown } from './told.ts'

/** What somebody wants to know first. */
export interface SummaryItem {
  readonly label: string
  readonly told: Told
  readonly note?: string
}

function delay({ detections }: Investigation): SummaryItem {
  const label = 'From activity to detection'
  const [first] = detections
  if (first === undefined) return { label, told: unknown('no detection in this time range') }
  const { activityAt, detectedAt = first.lastUpdatedAt } = first
  if (activityAt === undefined)
    return { label, told: unknown('no time of activity'), note: `detected ${timeText(detectedAt)}` }
  const note = `activity ${timeText(activityAt)}, detected ${timeText(detectedAt)}`
  const ms = detectedAt - activityAt
  if (ms <= 0) return { label, told: plainly('at once'), note }
  return { label, told: (ms >= 86_400_000 ? finding : plainly)(duration(ms)), note }
}

const ACCOUNT: Readonly<Record<AccountState, Told>> = {
  deleted: good('deleted'),
  disabledByMicrosoft: good('disabled by Microsoft'),
  disabled: good('disabled'),
  enabled: finding('enabled'),
}

function account(of: Investigation): SummaryItem {
  const label = 'Sign-in'
  const found = accountOf(of)
  return found === undefined
    ? { label, told: unknown('unknown') }
    : { label, told: ACCOUNT[found.state], note: `as of ${timeText(found.at)}` }
}

function permission(of: Investigation): SummaryItem {
  const label = 'Worst permission'
  const section = latestContext(of)?.sections.permissions
  if (section === undefined) return { label, told: unknown('unknown') }
  if (isUnknown(section)) return { label, told: unknown(`unknown: ${section.unknown}`) }
  const { worst, granted } = section
  if (worst === undefined) return { label, told: good('none granted') }
  const tier = worst.tier === undefined ? '' : `tier ${worst.tier}: `
  return {
    label,
    told: (worst.tier === 0 ? finding : plainly)(`${tier}${worst.permission}`),
    note: `${worst.resource}, ${worst.type}; ${granted.length === 1 ? 'its only one' : `of ${granted.length}`}`,
  }
}

function credentials(of: Investigation): SummaryItem {
  const label = 'Credentials'
  const all = knownIn(latestContext(of)?.sections.credentials)
  const { keyIds } = of
  const named = `${keyIds.length === 1 ? '1 is' : `${keyIds.length} are`} named by detections`
  if (all === undefined) return { label, told: keyIds.length > 0 ? finding(named) : unknown('unknown') }
  const there = all.filter(({ keyId, namedByDetection }) => namedByDetection || keyIds.includes(keyId))
  if (there.length > 0)
    return { label, told: finding(`${there.length} of ${all.length} named by detections`) }
  return {
    label,
    told: plainly(all.length === 0 ? 'none' : String(all.length)),
    ...(keyIds.length > 0 ? { note: `${named}, gone since` } : {}),
  }
}

function coverage(of: Investigation): SummaryItem {
  const section = latestContext(of)?.sections.conditionalAccess
  return {
    label: 'Conditional Access',
    told: section === undefined ? unknown('unknown') : coverageTold(section),
  }
}

export const summaryOf = (of: Investigation): readonly SummaryItem[] =>
  [delay, account, coverage, permission, credentials].map((item) => item(of))
