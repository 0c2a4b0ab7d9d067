import type { Instant } from '../../shared/domain/identifiers.ts'
import { isoInstant } from '../../shared/domain/iso-instant.ts'
import { answersTo } from '../../shared/operations/investigate/answers.ts'
import type { Candidate } from '../../shared/operations/investigate/candidates.ts'
import { type HuntSubject, huntQuery } from '../../shared/operations/investigate/hunt-query.ts'
import { identityFacts } from '../../shared/operations/investigate/identity-facts.ts'
import type { Investigation } from '../../shared/operations/investigate/investigation.ts'
import { remediationOf } from '../../shared/operations/investigate/remediation.ts'
import type { AsTyped } from '../../shared/operations/investigate/remediation-case.ts'
import type { Names } from '../../shared/operations/investigate/section-lines.ts'
import { summaryOf } from '../../shared/operations/investigate/summary.ts'
import { timelineOf } from '../../shared/operations/investigate/timeline.ts'

const iso = (at: Instant | undefined): string | undefined => (at === undefined ? undefined : isoInstant(at))

export const candidatesJson = (wanted: string, candidates: readonly Candidate[]) => ({
  wanted,
  candidates: candidates.map(({ identity, lastUpdatedAt }) => ({
    identity,
    lastUpdatedAt: isoInstant(lastUpdatedAt),
  })),
})

interface Said {
  readonly from: Instant
  readonly to: Instant
  readonly more: boolean
  readonly blobs: number
  readonly names: Names
  readonly asTyped: AsTyped
  readonly subject: HuntSubject
}

/** An investigation for programs: what the screen says, and what it says it from. */
export function investigationJson(
  of: Investigation,
  { from, to, more, blobs, names, asTyped, subject }: Said,
) {
  const { identity, risk, began, keyIds, detections, contexts } = of
  const latest = contexts.at(-1)
  return {
    identity,
    from: isoInstant(from),
    to: isoInstant(to),
    blobs,
    more,
    risk: risk === undefined ? undefined : { ...risk, at: isoInstant(risk.at) },
    began: iso(began),
    keyIds,
    summary: summaryOf(of).map(({ label, told, note }) => ({ label, ...told, note })),
    timeline: timelineOf(of).map((entry) => ({ ...entry, at: isoInstant(entry.at) })),
    facts: identityFacts(of, names),
    questions: answersTo(of).map(({ id, question, lines, hunts }) => ({
      id,
      question,
      lines,
      hunts: hunts.map((hunt) => ({
        id: hunt.id,
        title: hunt.title,
        tables: hunt.tables,
        source: hunt.source,
        query: huntQuery(hunt, subject),
      })),
    })),
    remediation: remediationOf(of, asTyped),
    detections: detections.map(({ activityAt, detectedAt, lastUpdatedAt, ...rest }) => ({
      ...rest,
      activityAt: iso(activityAt),
      detectedAt: iso(detectedAt),
      lastUpdatedAt: isoInstant(lastUpdatedAt),
    })),
    context: latest === undefined ? undefined : { at: isoInstant(latest.at), ...latest.sections },
  }
}
