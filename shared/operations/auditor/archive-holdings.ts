import { type Instant, instant } from '../../domain/identifiers.ts'
import { isoInstant } from '../../domain/iso-instant.ts'
import { type ProvableLog, readProvableLog } from '../../evidence/verify/provable-log.ts'
import type { ArchiveAndLog } from './find-record.ts'
import { type LogSummary, summaryOfLog } from './log-summary.ts'
import { type AuditRange, type LinesSeen, type UniqueLine, uniqueLines } from './unique-lines.ts'

/** Records of one month, category and partition. */
export interface Holding {
  /** `YYYY-MM`, UTC, by enqueued time. */
  readonly month: string
  /** As it was sent; absent: of a message that could not be split, or a record without one. */
  readonly category?: string
  readonly namespace: string
  readonly hub: string
  readonly partition: string
  readonly records: number
  /** Records that could not be normalised, and messages that could not be split. */
  readonly faults: number
  /** Enqueued times. */
  readonly first: Instant
  readonly last: Instant
}

/** A partition of a hub, as far as the archive has it. */
export interface PartitionHolding {
  readonly namespace: string
  readonly hub: string
  readonly partition: string
  readonly blobs: number
  readonly blobsSealed: number
  readonly firstSequenceNumber: number
  readonly lastSequenceNumber: number
  /** Enqueued time of the last message that the log covers. */
  readonly sealedUpTo?: Instant
}

/** What the archive holds. */
export interface ArchiveHoldings extends AuditRange {
  readonly holdings: readonly Holding[]
  readonly partitions: readonly PartitionHolding[]
  readonly blobs: number
  readonly copies: number
  /**
   * Records of categories that are not exported: only their counts are kept. Approximate where a
   * batch ran twice with other edges, since a run of them has one line.
   */
  readonly skipped: number
  /** Absent: the archive has no log. */
  readonly log?: LogSummary
}

type Writable<T> = { -readonly [name in keyof T]: T[name] }

const monthOf = (at: Instant): string => isoInstant(at).slice(0, 7)
const inOrder = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Far more than Microsoft has: categories are the senders' words. */
const MAX_CATEGORIES = 1000

/** Counts lines by month, category and partition. */
class Counts {
  readonly #byKey = new Map<string, Writable<Holding>>()
  readonly #categories = new Set<string>()
  skipped = 0

  add({ line, blob }: UniqueLine): void {
    if (line.kind === 'skipped') {
      this.skipped += line.records
      return
    }
    const at = line.position.enqueuedAt
    const category = this.#kept(line.kind === 'unsplit' ? undefined : line.category)
    const { namespace, hub, partition } = blob
    const month = monthOf(at)
    const key = JSON.stringify([month, category ?? '', namespace, hub, partition])
    const faults = line.kind === 'event' ? 0 : 1
    const known = this.#byKey.get(key)
    if (known === undefined) {
      const named = category === undefined ? {} : { category }
      const place = { namespace, hub, partition }
      this.#byKey.set(key, { month, ...named, ...place, records: 1, faults, first: at, last: at })
      return
    }
    known.records += 1
    known.faults += faults
    known.first = instant(Math.min(known.first, at))
    known.last = instant(Math.max(known.last, at))
  }

  get sorted(): readonly Holding[] {
    return [...this.#byKey].sort(([a], [b]) => inOrder(a, b)).map(([, holding]) => holding)
  }

  #kept(category: string | undefined): string | undefined {
    if (category === undefined || this.#categories.has(category)) return category
    if (this.#categories.size === MAX_CATEGORIES) return undefined
    this.#categories.add(category)
    return category
  }
}

function addBlob(
  partitions: Map<string, Writable<PartitionHolding>>,
  { blob }: UniqueLine,
  log: Pick<ProvableLog, 'blobs'> | undefined,
): void {
  const { namespace, hub, partition, firstSequenceNumber, lastSequenceNumber } = blob
  const key = JSON.stringify([namespace, hub, partition])
  const leaf = log?.blobs.get(blob.name)?.leaf
  const known = partitions.get(key)
  const end = leaf?.type === 'archive' ? Date.parse(leaf.lastEnqueuedAt) : undefined
  const upTo = end === undefined ? known?.sealedUpTo : instant(Math.max(end, known?.sealedUpTo ?? end))
  partitions.set(key, {
    namespace,
    hub,
    partition,
    blobs: (known?.blobs ?? 0) + 1,
    blobsSealed: (known?.blobsSealed ?? 0) + (leaf === undefined ? 0 : 1),
    firstSequenceNumber: Math.min(known?.firstSequenceNumber ?? firstSequenceNumber, firstSequenceNumber),
    lastSequenceNumber: Math.max(known?.lastSequenceNumber ?? lastSequenceNumber, lastSequenceNumber),
    ...(upTo === undefined ? {} : { sealedUpTo: upTo }),
  })
}

/**
 * Counts what the archive holds of a time range, each record once.
 * @param onBlob how many archive blobs have been read
 */
export async function readHoldings(
  { archive, copy }: ArchiveAndLog,
  range: AuditRange,
  onBlob: (blobs: number) => void,
): Promise<ArchiveHoldings> {
  const log = await readProvableLog(copy)
  const counts = new Counts()
  const partitions = new Map<string, Writable<PartitionHolding>>()
  const seen: LinesSeen = { blobs: 0, copies: 0 }
  let blob = ''
  for await (const found of uniqueLines(archive, range, seen, onBlob)) {
    counts.add(found)
    if (found.blob.name === blob) continue
    blob = found.blob.name
    addBlob(partitions, found, log)
  }
  const { from, to } = range
  return {
    from,
    to,
    holdings: counts.sorted,
    skipped: counts.skipped,
    ...seen,
    partitions: [...partitions].sort(([a], [b]) => inOrder(a, b)).map(([, partition]) => partition),
    ...(log === undefined ? {} : { log: summaryOfLog(log) }),
  }
}
