import { archiveBlob } from '../../archive/archive-blob.ts'
import type { Instant } from '../../domain/identifiers.ts'
import { VERSION } from '../../domain/version.ts'
import type { ArchiveLeaf, PartitionLeaf, UnreadableLeaf } from '../leaf.ts'
import { ahead } from '../seal/ahead.ts'
import { type BlobTask, holdsSealed } from './blob-check.ts'
import type { Threads } from './blob-threads.ts'
import { underCauses } from './causes.ts'
import { checkBlobs } from './check-blobs.ts'
import { type ContainerPolicy, policyFindings } from './container-policy.ts'
import { coverageOf, overlapping, type PartitionCoverage } from './coverage.ts'
import type { EvidenceCopy } from './evidence-copy.ts'
import { type Finding, inOrder, type RawFinding, type Status, statusOf } from './finding.ts'
import type { Range } from './holes.ts'
import { type CheckedLog, checkLog, type Trust } from './log-check.ts'
import type { RecordDigests } from './record-places.ts'
import { RederivedBlobs } from './rederived-blobs.ts'

export interface VerifyOptions extends Trust {
  /** Archive blobs of hours from here on; the log is always checked as a whole. */
  readonly from: Instant | undefined
  /** Exclusive. */
  readonly to: Instant | undefined
  /** Of the containers; default: what the copy tells. */
  readonly policies?: readonly ContainerPolicy[]
  readonly onProgress: (blobs: number, bytes: number) => void
  readonly signal: AbortSignal
  /** Where blobs are checked once they are many; default: all of them here. */
  readonly threads?: Threads | undefined
}

const READS_AT_ONCE = 8

/** What was looked at. */
export interface Looked {
  readonly blobs: number
  readonly bytes: number
  readonly records: number
  readonly events: number
  readonly faults: number
  readonly skipped: number
  /** Blobs whose bytes are those in the log. */
  readonly unchanged: number
  /** Lines whose event or fault was made again from the record, and is the same. */
  readonly rederived: number
  readonly missing: number
}

export interface DayCount {
  readonly day: string
  readonly blobs: number
  readonly records: number
}

export interface Verification {
  readonly status: Status
  readonly findings: readonly Finding[]
  readonly looked: Looked
  readonly log: CheckedLog | undefined
  readonly partitions: readonly PartitionCoverage[]
  readonly days: readonly DayCount[]
}

type BlobLeaf = ArchiveLeaf | UnreadableLeaf

function sealedBlobs(log: CheckedLog | undefined, findings: Finding[]): ReadonlyMap<string, BlobLeaf> {
  const sealed = new Map<string, BlobLeaf>()
  for (const leaf of log?.leaves ?? []) {
    if (leaf?.type !== 'archive' && leaf?.type !== 'unreadable') continue
    const other = sealed.get(leaf.name)
    if (other === undefined) sealed.set(leaf.name, leaf)
    else if (other.digest !== leaf.digest)
      findings.push({ class: 'LOG_INCONSISTENT', subject: leaf.name, detail: 'sealed twice, differently' })
  }
  return sealed
}

const inRange = (name: string, { from, to }: VerifyOptions): boolean => {
  const hour = archiveBlob(name)?.hour
  if (hour === undefined) return from === undefined && to === undefined
  return (from === undefined || hour >= from - 3_599_999) && (to === undefined || hour < to)
}

const rangeOf = (leaf: ArchiveLeaf): Range => leaf

/** Compares the records of blobs that overlap. */
class Overlaps {
  readonly #digests = new Map<string, { digest: string; name: string }>()
  readonly #conflicts = new Set<string>()

  add(place: string, name: string, digests: RecordDigests, findings: Finding[]): void {
    for (const [record, digest] of digests) {
      const key = `${place}/${record}`
      const known = this.#digests.get(key)
      if (known === undefined) this.#digests.set(key, { digest, name })
      else if (known.digest !== digest && !this.#conflicts.has(name)) {
        this.#conflicts.add(name)
        findings.push({
          class: 'RANGE_CONFLICT',
          subject: name,
          detail: `record ${record} differs from ${known.name}`,
        })
      }
    }
  }
}

/** Blobs as they are read, several at once. */
async function* tasksOf(
  names: readonly string[],
  copy: EvidenceCopy,
  known: (name: string) => Pick<BlobTask, 'sealed' | 'isShared'>,
  onGone: (name: string) => void,
): AsyncGenerator<BlobTask> {
  const read = async (name: string) => ({ name, stored: await copy.read(name) })
  for await (const { name, stored } of ahead(names, READS_AT_ONCE, read))
    if (stored === undefined) onGone(name)
    else yield { name, stored, ...known(name) }
}

function missing(name: string, leaf: BlobLeaf | undefined): Finding {
  const held = (): string => {
    switch (leaf?.type) {
      case undefined:
        return 'listed, but gone when it was read; it was not sealed'
      case 'archive':
        return `${leaf.records} records, sequence numbers ${leaf.firstSequenceNumber} to ${leaf.lastSequenceNumber}`
      case 'unreadable':
        return `${leaf.bytes} bytes`
    }
  }
  return { class: 'BLOB_MISSING', subject: name, detail: held() }
}

/**
 * Checks an archive and its log. One blob at a time is in memory, besides the log's leaves.
 * @throws whatever the copy throws
 */
export async function verify(copy: EvidenceCopy, options: VerifyOptions): Promise<Verification> {
  const findings: RawFinding[] = []
  const policies = options.policies ?? (await copy.policies?.(options.signal)) ?? []
  findings.push(...policyFindings(policies))
  const log = await checkLog(copy, options, findings)
  const sealed = sealedBlobs(log, findings)
  const names: string[] = []
  for await (const name of copy.archiveNames()) if (inRange(name, options)) names.push(name)
  const present = new Set(names)
  const wanted = [...sealed.values()].filter(({ name }) => inRange(name, options))
  const gone = wanted.flatMap(({ name }) => (present.has(name) ? [] : name))
  const ranges: Range[] = wanted.flatMap((leaf) => (leaf.type === 'archive' ? rangeOf(leaf) : []))
  const held: Range[] = []
  const lost: Range[] = []
  const lastSealed = new Map<string, number>()
  const placeOf = ({ namespace, hub, partition }: Range) => `${namespace}/${hub}/${partition}`
  for (const range of ranges)
    lastSealed.set(placeOf(range), Math.max(lastSealed.get(placeOf(range)) ?? -1, range.lastSequenceNumber))
  const shared = overlapping(names.flatMap((name) => archiveBlob(name) ?? []))
  const overlaps = new Overlaps()
  const rederived = new RederivedBlobs(VERSION, log?.leaves ?? [])
  const days = new Map<string, { blobs: number; records: number }>()
  const looked = { blobs: 0, bytes: 0, records: 0, events: 0, faults: 0, skipped: 0, unchanged: 0 }
  const known = (name: string) => ({ sealed: sealed.get(name), isShared: shared.has(name) })
  const tasks = tasksOf(names, copy, known, (name) => gone.push(name))
  for await (const { name, bytes, checked } of checkBlobs(tasks, options.threads)) {
    options.signal.throwIfAborted()
    const leaf = sealed.get(name)
    findings.push(...checked.findings)
    rederived.add(name, checked.rederived, findings)
    looked.blobs += 1
    looked.bytes += bytes
    const { found } = checked
    if (leaf !== undefined && found?.digest === leaf.digest && found.bytes === leaf.bytes)
      looked.unchanged += 1
    if (leaf?.type === 'archive') (holdsSealed(leaf, checked) ? held : lost).push(rangeOf(leaf))
    options.onProgress(looked.blobs, looked.bytes)
    if (found?.type !== 'archive') continue
    for (const count of ['records', 'events', 'faults', 'skipped'] as const) looked[count] += found[count]
    const day = found.firstEnqueuedAt.slice(0, 10)
    const counts = days.get(day) ?? { blobs: 0, records: 0 }
    days.set(day, { blobs: counts.blobs + 1, records: counts.records + found.records })
    overlaps.add(placeOf(found), name, checked.digests, findings)
    if (leaf !== undefined) continue
    const isTail = found.firstSequenceNumber > (lastSealed.get(placeOf(found)) ?? -1)
    findings.push({
      class: isTail && log !== undefined ? 'UNSEALED_TAIL' : 'UNSEALED',
      subject: name,
      detail: `${found.records} records`,
    })
    held.push(rangeOf(found))
  }
  for (const name of gone) {
    const leaf = sealed.get(name)
    findings.push(missing(name, leaf))
    if (leaf?.type === 'archive') lost.push(rangeOf(leaf))
  }
  const isWhole = options.from === undefined && options.to === undefined
  const told = (log?.leaves ?? []).filter((leaf): leaf is PartitionLeaf => leaf?.type === 'partition')
  const partitions = coverageOf(held, lost, isWhole ? told : [], findings)
  const linesRederived = rederived.conclude(findings)
  if (log === undefined || looked.blobs === 0)
    findings.push({
      class: 'NOTHING_FOUND',
      subject: log === undefined ? 'log' : 'archive',
      detail: log === undefined ? 'no log was found' : 'no archive blob was found',
    })
  return {
    status: statusOf(findings),
    findings: underCauses(inOrder(findings), { log, partitions }),
    looked: { ...looked, rederived: linesRederived, missing: gone.length },
    log,
    partitions,
    days: [...days].sort(([a], [b]) => (a < b ? -1 : 1)).map(([day, counts]) => ({ day, ...counts })),
  }
}
