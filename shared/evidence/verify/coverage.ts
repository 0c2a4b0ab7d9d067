import type { PartitionLeaf } from '../leaf.ts'
import type { Finding } from './finding.ts'

/** Messages of a partition that one blob holds. */
export interface Range {
  readonly name: string
  readonly namespace: string
  readonly hub: string
  readonly partition: string
  readonly firstSequenceNumber: number
  readonly lastSequenceNumber: number
  readonly firstEnqueuedAt: string
  readonly lastEnqueuedAt: string
}

/** What the archive holds of a partition in one incarnation of its hub. */
export interface PartitionCoverage {
  readonly namespace: string
  readonly hub: string
  readonly partition: string
  /** When the hub was created; empty if it never told. */
  readonly incarnation: string
  readonly blobs: number
  readonly first: number
  readonly last: number
  readonly firstEnqueuedAt: string
  readonly lastEnqueuedAt: string
  /** Sequence numbers of messages that the hub had and can no longer give. */
  readonly missing: number
  readonly gaps: readonly Gap[]
  /** Messages that the hub had behind the last one when it was asked last. */
  readonly pending: number
}

export interface Gap {
  readonly first: number
  readonly last: number
  /** Enqueued times of the messages before and behind it. */
  readonly after: string
  readonly before: string
}

const placeOf = ({ namespace, hub, partition }: Pick<Range, 'namespace' | 'hub' | 'partition'>): string =>
  `${namespace}/${hub}/p=${partition}`

/** When a hub was created, each time. */
const incarnationsOf = (leaves: readonly PartitionLeaf[]): readonly string[] =>
  [...new Set(leaves.map(({ hubCreatedAt }) => hubCreatedAt))].sort()

const incarnationAt = (created: readonly string[], at: string): string =>
  created.findLast((one) => one <= at) ?? created[0] ?? ''

interface Tiled {
  readonly gaps: readonly Gap[]
  readonly last: number
  readonly lastEnqueuedAt: string
}

function tile(ranges: readonly Range[]): Tiled {
  const gaps: Gap[] = []
  let last: Range | undefined
  for (const range of ranges) {
    if (last !== undefined && range.firstSequenceNumber > last.lastSequenceNumber + 1)
      gaps.push({
        first: last.lastSequenceNumber + 1,
        last: range.firstSequenceNumber - 1,
        after: last.lastEnqueuedAt,
        before: range.firstEnqueuedAt,
      })
    if (last === undefined || range.lastSequenceNumber > last.lastSequenceNumber) last = range
  }
  return { gaps, last: last?.lastSequenceNumber ?? -1, lastEnqueuedAt: last?.lastEnqueuedAt ?? '' }
}

const numbers = ({ first, last }: { readonly first: number; readonly last: number }): string =>
  first === last ? `${first}` : `${first} to ${last}`

/** How long a message may be unread before its absence is more than delay. */
const LATE_MS = 3_600_000

interface Tail {
  /** Messages that the hub no longer had. */
  readonly lost: number
  readonly pending: number
}

const NO_TAIL: Tail = { lost: 0, pending: 0 }

function tailOf(subject: string, last: number, told: PartitionLeaf, findings: Finding[]): Tail {
  const pending = Math.max(0, told.lastSequenceNumber - last)
  if (pending === 0) return NO_TAIL
  const expired = told.isEmpty ? told.lastSequenceNumber : told.beginningSequenceNumber - 1
  const isNever = last < 0 && Date.parse(told.at) - Date.parse(told.lastEnqueuedAt) > LATE_MS
  const end = isNever ? told.lastSequenceNumber : Math.min(expired, told.lastSequenceNumber)
  if (end > last)
    findings.push({
      class: 'GAP',
      subject,
      detail: `sequence numbers ${numbers({ first: last + 1, last: end })} were never archived, the hub said at ${told.at}`,
    })
  else
    findings.push({ class: 'PENDING', subject, detail: `${pending} messages behind ${last}, at ${told.at}` })
  const lost = Math.max(0, end - last)
  return { lost, pending: pending - lost }
}

/**
 * Whether sequence numbers tile without a hole, per partition and incarnation of its hub.
 * @param told what the hub said, in the order of the log
 */
export function coverageOf(
  ranges: readonly Range[],
  told: readonly PartitionLeaf[],
  findings: Finding[],
): readonly PartitionCoverage[] {
  const places = new Map<string, { ranges: Range[]; told: PartitionLeaf[] }>()
  const at = (place: string) => {
    const there = places.get(place) ?? { ranges: [], told: [] }
    places.set(place, there)
    return there
  }
  for (const range of ranges) at(placeOf(range)).ranges.push(range)
  for (const leaf of told) at(placeOf(leaf)).told.push(leaf)
  const coverages: PartitionCoverage[] = []
  for (const [subject, place] of [...places].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const created = incarnationsOf(place.told)
    const incarnations = new Set([
      ...created,
      ...place.ranges.map((one) => incarnationAt(created, one.firstEnqueuedAt)),
    ])
    for (const later of created.slice(1))
      findings.push({ class: 'NEW_INCARNATION', subject, detail: `created at ${later}` })
    for (const incarnation of [...incarnations].sort()) {
      const own = place.ranges
        .filter((one) => incarnationAt(created, one.firstEnqueuedAt) === incarnation)
        .sort(
          (a, b) =>
            a.firstSequenceNumber - b.firstSequenceNumber || a.lastSequenceNumber - b.lastSequenceNumber,
        )
      const { gaps, last, lastEnqueuedAt } = tile(own)
      const first = own[0]
      for (const gap of gaps)
        findings.push({
          class: 'GAP',
          subject,
          detail: `sequence numbers ${numbers(gap)}, between ${gap.after} and ${gap.before}`,
        })
      if (first !== undefined && first.firstSequenceNumber > 0)
        findings.push({
          class: 'STARTS_AT',
          subject,
          detail: `sequence number ${first.firstSequenceNumber}, ${first.firstEnqueuedAt}`,
        })
      const latest = place.told.findLast(({ hubCreatedAt }) => hubCreatedAt === incarnation)
      const [one] = first === undefined ? place.told : [first]
      if (one === undefined || (first === undefined && (latest?.lastSequenceNumber ?? -1) < 0)) continue
      const { lost, pending } = latest === undefined ? NO_TAIL : tailOf(subject, last, latest, findings)
      coverages.push({
        namespace: one.namespace,
        hub: one.hub,
        partition: one.partition,
        incarnation,
        blobs: own.length,
        first: first?.firstSequenceNumber ?? -1,
        last,
        firstEnqueuedAt: first?.firstEnqueuedAt ?? '',
        lastEnqueuedAt,
        missing: gaps.reduce((sum, gap) => sum + gap.last - gap.first + 1, lost),
        gaps,
        pending,
      })
    }
  }
  return coverages
}

/** Names of blobs that share sequence numbers with another of their partition. */
export function overlapping(
  ranges: readonly Pick<
    Range,
    'name' | 'namespace' | 'hub' | 'partition' | 'firstSequenceNumber' | 'lastSequenceNumber'
  >[],
): ReadonlySet<string> {
  const names = new Set<string>()
  const ends = new Map<string, { name: string; last: number }>()
  for (const range of ranges.toSorted((a, b) => a.firstSequenceNumber - b.firstSequenceNumber)) {
    const place = placeOf(range)
    const end = ends.get(place)
    if (end !== undefined && range.firstSequenceNumber <= end.last) names.add(range.name).add(end.name)
    if (end === undefined || range.lastSequenceNumber >= end.last)
      ends.set(place, { name: range.name, last: range.lastSequenceNumber })
  }
  return names
}
