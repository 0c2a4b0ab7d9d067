import { COMMITS, NEWEST_CHECKPOINT, sizeOf } from '../log-layout.ts'
import { numbers, type PartitionCoverage, placeOf } from './coverage.ts'
import type { Finding, FindingName, RawFinding } from './finding.ts'
import type { CheckedLog } from './log-check.ts'

/** What findings are explained by. */
export interface Explaining {
  readonly log: CheckedLog | undefined
  readonly partitions: readonly PartitionCoverage[]
}

type CauseOf = (finding: RawFinding) => RawFinding | undefined

const UNSEALED: ReadonlySet<FindingName> = new Set(['UNSEALED', 'UNSEALED_TAIL'])

/** Without a log nothing is sealed, without an archive all blobs are missing. */
function causeInNothing(findings: readonly RawFinding[]): CauseOf {
  const nothing = (subject: string) =>
    findings.find((one) => one.class === 'NOTHING_FOUND' && one.subject === subject)
  const noLog = nothing('log')
  const noArchive = nothing('archive')
  return (finding) => {
    if (UNSEALED.has(finding.class)) return noLog
    return finding.class === 'BLOB_MISSING' ? noArchive : undefined
  }
}

/** A log whose commits end too early lacks all that is behind: checkpoints, tiles, anchors, blobs. */
function causeInShortLog(findings: readonly RawFinding[], log: CheckedLog | undefined): CauseOf {
  const size = log?.entries.tree.size ?? 0
  const isShort = (log?.checkpoints ?? []).some((one) => one.size > size)
  const isOfCommit = (one: Finding) => one.class === 'LOG_INCONSISTENT' && one.subject.startsWith(COMMITS)
  const cut = isShort ? findings.find(isOfCommit) : undefined
  // A cut without a trace in the log: only the anchors know.
  const anchor = findings.find((one) => one.class === 'ANCHOR_MISMATCH' && one.isBehindEnd === true)
  const isBehind = ({ class: name, subject }: Finding): boolean =>
    name === 'LOG_INCONSISTENT' &&
    (subject === NEWEST_CHECKPOINT || subject.startsWith('tile/') || (sizeOf(subject) ?? 0) > size)
  return (finding) => {
    if (UNSEALED.has(finding.class) || (finding.class === 'ANCHOR_MISMATCH' && finding.isBehindEnd === true))
      return cut ?? anchor
    return isBehind(finding) ? cut : undefined
  }
}

/** One unknown key explains all that it signed. */
function causeInKeys(findings: readonly RawFinding[]): CauseOf {
  const first = new Map<string, RawFinding>()
  for (const one of findings) if (one.keyId !== undefined && !first.has(one.keyId)) first.set(one.keyId, one)
  return ({ keyId }) => (keyId === undefined ? undefined : first.get(keyId))
}

/** A time stamp of a checkpoint that was changed. */
function causeInCheckpoints(findings: readonly RawFinding[]): CauseOf {
  const bad = new Map<string, RawFinding>(
    findings.flatMap((one) =>
      one.class === 'SIGNATURE_BAD' || one.class === 'LOG_INCONSISTENT'
        ? [[`${one.subject}.tsr`, one] as const]
        : [],
    ),
  )
  return (finding) => (finding.class === 'TIMESTAMP_BAD' ? bad.get(finding.subject) : undefined)
}

/** The holes that lost blobs leave, by blob. */
function gapsOfBlobs(partitions: readonly PartitionCoverage[]): ReadonlyMap<string, readonly Finding[]> {
  const gaps = new Map<string, Finding[]>()
  for (const partition of partitions)
    for (const gap of partition.gaps) {
      if (gap.blob === undefined) continue
      const detail = `sequence numbers ${numbers(gap)}, which no other blob has`
      const finding: Finding = { class: 'GAP', subject: placeOf(partition), detail }
      gaps.set(gap.blob, [...(gaps.get(gap.blob) ?? []), finding])
    }
  return gaps
}

const LOST: ReadonlySet<FindingName> = new Set(['BLOB_MISSING', 'BLOB_CHANGED'])

/** Puts findings under those that they follow from. Keeps their order. */
export function underCauses(
  findings: readonly RawFinding[],
  { log, partitions }: Explaining,
): readonly Finding[] {
  const rules = [
    causeInNothing(findings),
    causeInShortLog(findings, log),
    causeInKeys(findings),
    causeInCheckpoints(findings),
  ]
  const gaps = gapsOfBlobs(partitions)
  const consequences = new Map<RawFinding, RawFinding[]>()
  const roots: RawFinding[] = []
  for (const finding of findings) {
    const cause = rules.map((causeOf) => causeOf(finding)).find((one) => one !== undefined && one !== finding)
    if (cause === undefined) roots.push(finding)
    else {
      const there = consequences.get(cause)
      if (there === undefined) consequences.set(cause, [finding])
      else there.push(finding)
    }
  }
  const nested = (finding: RawFinding): Finding => {
    const { class: name, subject, detail } = finding
    const follow = [
      ...(consequences.get(finding) ?? []).map(nested),
      ...(LOST.has(name) ? (gaps.get(subject) ?? []) : []),
    ]
    return { class: name, subject, detail, ...(follow.length === 0 ? {} : { consequences: follow }) }
  }
  return roots.map(nested)
}
