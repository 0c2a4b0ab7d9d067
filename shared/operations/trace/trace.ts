import type { ArchiveContainer } from '../../archive/archive-container.ts'
import { blobsBetween } from '../../archive/list-blobs.ts'
import { readLines, readBlob as readWhole } from '../../archive/reader.ts'
import type { LeanContainer } from '../../azure/lean-container.ts'
import { parseLines } from '../../delivery/outbox/line-ranges.ts'
import { receiptsBetween } from '../../delivery/receipts/receipts-between.ts'
import type { Instant } from '../../domain/identifiers.ts'
import type { ReadBlob } from '../readable-lines.ts'
import { type FoundRecord, NewestRecords, type RecordLine } from './newest-records.ts'
import { matchesQuery } from './trace-match.ts'

export interface TraceQuery {
  /**
   * Id of an event, fact, detection, identity, application or sink request, or display name of an
   * identity.
   */
  readonly wanted: string
  /** Enqueued time; `from` inclusive, `to` exclusive. */
  readonly from: Instant
  readonly to: Instant
  /** The newest are kept. */
  readonly maxRecords: number
}

export interface Found {
  /** Newest last. */
  readonly records: readonly FoundRecord[]
  /** Whether older ones were left out. */
  readonly more: boolean
  readonly blobs: number
}

/** Reports progress: how many of what have been read. */
export type OnRead = (read: number, what: 'archive blobs' | 'receipts') => void

/** Where `findRecords` looks. */
export interface TraceArchive {
  readonly archive: ArchiveContainer
  readonly receipts: LeanContainer
  readonly readBlob: ReadBlob
}

/** Ids of the webhook's requests; nothing in a record looks like that. */
const WEBHOOK_ID = /^msg_[0-9a-f]{32}$/

/**
 * Searches the archive for an id or a name; if that finds nothing, or for the id of a webhook
 * request, searches the receipts for what the request carried.
 */
export async function findRecords(
  { archive, receipts, readBlob }: TraceArchive,
  query: TraceQuery,
  onRead: OnRead,
): Promise<Found> {
  const wanted = query.wanted.toLowerCase()
  const found = WEBHOOK_ID.test(wanted)
    ? NOTHING
    : await inArchive(archive, { ...query, wanted }, onRead, matchesQuery, readBlob)
  if (found.records.length > 0) return found
  const ofRequest = await byRequest(archive, receipts, { ...query, wanted }, onRead)
  return { ...ofRequest, blobs: found.blobs + ofRequest.blobs }
}

const NOTHING: Found = { records: [], more: false, blobs: 0 }

/**
 * Searches the archive alone.
 * @param readBlob default: rejects for a blob that cannot be read
 */
export async function inArchive(
  archive: ArchiveContainer,
  { wanted, from, to, maxRecords }: TraceQuery,
  onRead: OnRead,
  matches: (line: RecordLine, wanted: string) => boolean,
  readBlob: ReadBlob = readWhole,
): Promise<Found> {
  const newest = new NewestRecords(maxRecords)
  let blobs = 0
  for await (const { name } of blobsBetween(archive, from, to)) {
    for await (const line of readBlob(archive, name)) {
      if (line.kind === 'skipped') continue
      const { enqueuedAt } = line.position
      if (enqueuedAt >= from && enqueuedAt < to && matches(line, wanted)) newest.add(line)
    }
    onRead(++blobs, 'archive blobs')
  }
  return { records: newest.inTime(), more: newest.more, blobs }
}

async function byRequest(
  archive: ArchiveContainer,
  receipts: LeanContainer,
  { wanted, from, to, maxRecords }: TraceQuery,
  onRead: OnRead,
): Promise<Found> {
  const linesOf = new Map<string, Set<number>>()
  let read = 0
  for await (const some of receiptsBetween(receipts, from, to)) {
    read += some.length
    for (const { blob, requests } of some)
      for (const { id, lines } of requests) {
        if (id.toLowerCase() !== wanted) continue
        const known = linesOf.get(blob) ?? new Set()
        for (const line of parseLines(lines) ?? []) known.add(line)
        linesOf.set(blob, known)
      }
    onRead(read, 'receipts')
  }
  const newest = new NewestRecords(maxRecords)
  for (const [blob, lines] of linesOf)
    for (const line of (await readLines(archive, blob, [...lines])).values())
      if (line.kind !== 'unread' && line.kind !== 'skipped') newest.add(line)
  return { records: newest.inTime(), more: newest.more, blobs: linesOf.size }
}
