import { DATE, dateFolder, hourFolder } from '../domain/blob-folders.ts'
import { type Instant, instant } from '../domain/identifiers.ts'
import { type ArchiveBlob, archiveBlob } from './archive-blob.ts'
import type { ArchiveContainer } from './archive-container.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/**
 * A chunk's messages were all in the hub at once, so it spans at most the retention (Standard tier:
 * 7 days).
 */
const LOOK_BACK_MS = 7 * DAY_MS
/** A hub that fills this many blobs leaves no chunk open for long. */
const MAX_LOOK_BACK_BLOBS = 20_000

const startOf = (at: number, unitMs: number): Instant => instant(Math.floor(at / unitMs) * unitMs)
const datePrefix = (day: Instant): string => `v1/${dateFolder(day)}`
const placeOf = (b: ArchiveBlob): string => `${b.namespace}/${b.hub}/${b.partition}`

async function* named(container: ArchiveContainer, prefix: string): AsyncGenerator<ArchiveBlob> {
  for await (const { name } of container.listBlobsFlat({ prefix })) {
    const blob = archiveBlob(name)
    if (blob !== undefined) yield blob
  }
}

/** Days that have blobs: one service answer holds many years of them. */
async function daysIn(container: ArchiveContainer): Promise<ReadonlySet<string>> {
  const days = new Set<string>()
  for await (const item of container.listBlobsByHierarchy('/', { prefix: `v1/${DATE}` })) days.add(item.name)
  return days
}

/**
 * Blobs of earlier hours whose chunk may extend to `before`: the last one of each partition, and
 * those that overlap it. A chunk is filed under the hour of its first message and, after a pause of
 * the app, may hold messages of several days.
 */
async function reaching(
  container: ArchiveContainer,
  days: ReadonlySet<string>,
  before: Instant,
): Promise<readonly ArchiveBlob[]> {
  const last = new Map<string, ArchiveBlob[]>()
  let seen = 0
  const firstDay = startOf(before - LOOK_BACK_MS, DAY_MS)
  for (let day = startOf(before - 1, DAY_MS); day >= firstDay; day = instant(day - DAY_MS)) {
    if (!days.has(datePrefix(day))) continue
    const ofDay: ArchiveBlob[] = []
    for await (const blob of named(container, datePrefix(day))) if (blob.hour < before) ofDay.push(blob)
    seen += ofDay.length
    for (const blob of ofDay.toReversed()) {
      const known = last.get(placeOf(blob))
      if (known === undefined) last.set(placeOf(blob), [blob])
      else if (blob.lastSequenceNumber >= (known[0]?.firstSequenceNumber ?? 0)) known.push(blob)
    }
    if (seen > MAX_LOOK_BACK_BLOBS) break
  }
  return [...last.values()].flat().sort((a, b) => (a.name < b.name ? -1 : 1))
}

/**
 * Blobs that may hold messages enqueued between two instants, in stream order per partition; their
 * lines decide. Holds one page of names in memory, plus the blobs that extend from before.
 * @param from inclusive
 * @param to exclusive
 */
export async function* blobsBetween(
  container: ArchiveContainer,
  from: Instant,
  to: Instant,
): AsyncGenerator<ArchiveBlob> {
  const firstHour = startOf(from, HOUR_MS)
  const days = await daysIn(container)
  yield* await reaching(container, days, firstHour)
  let hour = firstHour
  while (hour < to) {
    const nextDay = instant(startOf(hour, DAY_MS) + DAY_MS)
    const isWholeDay = nextDay - hour === DAY_MS && nextDay <= to
    const isThere = days.has(datePrefix(hour))
    if (isThere) yield* named(container, isWholeDay ? datePrefix(hour) : `v1/${hourFolder(hour)}`)
    hour = isThere && !isWholeDay ? instant(hour + HOUR_MS) : nextDay
  }
}
