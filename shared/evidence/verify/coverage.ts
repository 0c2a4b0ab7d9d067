import type { PartitionLeaf } from '../leaf.ts'
import type { Finding } from './finding.ts'
import { type Gap, holesBetween, holesOfLost, inSequence, type Range } from './holes.ts'

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
  /** Sequence numbers of messages that the hub had, and that neither it nor the archive has. */
  readonly missing: number
  /** Also before `first` and behind `last`, where sealed blobs are lost. */
  readonly gaps: readonly Gap[]
  /** Messages that the hub had behind the last one when it was asked last. */
  readonly pending: number
}

export const placeOf = ({
  namespace,
  hub,
  partition,
}: Pick<Range, 'namespace' | 'hub' | 'partition'>): string => `${namespace}/${hub}/p=${partition}`

/** When a hub was created, each time. */
const incarnationsOf = (leaves: readonly PartitionLeaf[]): readonly string[] =>
  [...new Set(leaves.map(({ hubCreatedAt }) => hubCreatedAt))].sort()

const incarnationAt = (created: readonly string[], at: string): string =>
  created.findLast((one) => one <= at) ?? created[0] ?? ''

export const numbers = ({ first, last }: { readonly first: number; readonly last: number }): string =>
  first === last ? `${first}` : `${first} to ${last}`

/** How long a message may be unread before its absence is more than delay. */
const LATE_MS = 3_600_000

interface Tail {
  /** Messages that the hub no longer had. */
  readonly lost: number
  readonly pending: number
}

const NO_TAIL: Tail = { lost: 0, pending: 0 }

/** @param isGone the hub was deleted: it gives no message any more */
function tailOf(
  subject: string,
  last: number,
  told: PartitionLeaf,
  isGone: boolean,
  findings: Finding[],
): Tail {
  const pending = Math.max(0, told.lastSequenceNumber - last)
  if (pending === 0) return NO_TAIL
  const expired = told.isEmpty || isGone ? told.lastSequenceNumber : told.beginningSequenceNumber - 1
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

interface Place {
  readonly held: Range[]
  readonly lost: Range[]
  readonly told: PartitionLeaf[]
}

function byPlace(
  held: readonly Range[],
  lost: readonly Range[],
  told: readonly PartitionLeaf[],
): readonly (readonly [string, Place])[] {
  const places = new Map<string, Place>()
  const at = (of: Range | PartitionLeaf): Place => {
    const place = placeOf(of)
    const there = places.get(place) ?? { held: [], lost: [], told: [] }
    places.set(place, there)
    return there
  }
  for (const range of held) at(range).held.push(range)
  for (const range of lost) at(range).lost.push(range)
  for (const leaf of told) at(leaf).told.push(leaf)
  return [...places].sort(([a], [b]) => (a < b ? -1 : 1))
}

/** What is there of one incarnation of a hub, and what is not; `undefined` if it never had a message. */
function coverageIn(
  subject: string,
  incarnation: string,
  isGone: boolean,
  { held, lost, told }: Place,
  findings: Finding[],
): PartitionCoverage | undefined {
  const known = inSequence([...held, ...lost])
  const [start] = known
  const latest = told.at(-1)
  const one = start ?? latest
  if (one === undefined || (start === undefined && (latest?.lastSequenceNumber ?? -1) < 0)) return undefined
  const between = holesBetween(known)
  for (const gap of between)
    findings.push({
      class: 'GAP',
      subject,
      detail: `sequence numbers ${numbers(gap)}, between ${gap.after} and ${gap.before}`,
    })
  if (start !== undefined && start.firstSequenceNumber > 0)
    findings.push({
      class: 'STARTS_AT',
      subject,
      detail: `sequence number ${start.firstSequenceNumber}, ${start.firstEnqueuedAt}`,
    })
  const lastKnown = known.reduce((last, range) => Math.max(last, range.lastSequenceNumber), -1)
  const tail = latest === undefined ? NO_TAIL : tailOf(subject, lastKnown, latest, isGone, findings)
  const [first] = held
  const last = held.reduce<Range | undefined>(
    (end, range) => (end !== undefined && end.lastSequenceNumber > range.lastSequenceNumber ? end : range),
    undefined,
  )
  const gaps = [...between, ...holesOfLost(lost, held)].sort((a, b) => a.first - b.first)
  return {
    namespace: one.namespace,
    hub: one.hub,
    partition: one.partition,
    incarnation,
    blobs: held.length,
    first: first?.firstSequenceNumber ?? -1,
    last: last?.lastSequenceNumber ?? -1,
    firstEnqueuedAt: first?.firstEnqueuedAt ?? '',
    lastEnqueuedAt: last?.lastEnqueuedAt ?? '',
    missing: gaps.reduce((sum, gap) => sum + gap.last - gap.first + 1, tail.lost),
    gaps,
    pending: tail.pending,
  }
}

/**
 * Whether what is there has every sequence number, per partition and incarnation of its hub. Gaps
 * of lost blobs are no findings of their own: they follow from those of their blobs.
 * @param held messages of blobs that are there, as they were sealed or not sealed at all
 * @param lost messages of sealed blobs that are missing or changed
 * @param told what the hub said, in the order of the log
 */
export function coverageOf(
  held: readonly Range[],
  lost: readonly Range[],
  told: readonly PartitionLeaf[],
  findings: Finding[],
): readonly PartitionCoverage[] {
  return byPlace(held, lost, told).flatMap(([subject, place]) => {
    const created = incarnationsOf(place.told)
    for (const later of created.slice(1))
      findings.push({ class: 'NEW_INCARNATION', subject, detail: `created at ${later}` })
    return (created.length === 0 ? [''] : created).flatMap((incarnation, at) => {
      const isOwn = (range: Range) => incarnationAt(created, range.firstEnqueuedAt) === incarnation
      const own = {
        held: [...inSequence(place.held.filter(isOwn))],
        lost: [...inSequence(place.lost.filter(isOwn))],
        told: place.told.filter(({ hubCreatedAt }) => hubCreatedAt === incarnation),
      }
      return coverageIn(subject, incarnation, at < created.length - 1, own, findings) ?? []
    })
  })
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
