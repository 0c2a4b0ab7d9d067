import { archiveBlob } from '../../archive/archive-blob.ts'
import type { ArchiveLine } from '../../archive/archive-line.ts'
import type { LeanContainer } from '../../azure/lean-container.ts'
import { dueBefore, readCron } from '../../config/cron-schedule.ts'
import { hourFolder } from '../../domain/blob-folders.ts'
import type { Heartbeat } from '../../domain/heartbeat.ts'
import { type Instant, instant } from '../../domain/identifiers.ts'
import type { ReadBlob } from '../readable-lines.ts'

/** The app's last heartbeat, according to the archive. */
export interface LastHeartbeat {
  /** When it was sent; absent if none was found. */
  readonly at: Instant | undefined
  /** Which program sent it. */
  readonly program?: Program
  /** Whether the app has missed several in a row. */
  readonly overdue: boolean
}

/** A program, as its heartbeats name it. */
export interface Program {
  readonly version?: string
  /** Of the list of its files: 64 lower-case hex digits. */
  readonly sha256?: string
}

const HOUR_MS = 3_600_000
/** How far back to look. */
const HOURS = 24
/** Enough even for a busy hub: a heartbeat comes every few minutes. */
const MAX_BLOBS = 200
const READS_AT_ONCE = 8
/** One may be on its way, and one lost in a restart. */
const MISSED = 2

interface Written {
  readonly name: string
  readonly writtenMs: number
}

/** Latest first. */
async function blobsOfHour(archive: LeanContainer, hour: number): Promise<readonly Written[]> {
  const prefix = `v1/${hourFolder(instant(hour))}`
  const found: Written[] = []
  for await (const { name, metadata, properties } of archive.listBlobsFlat({
    prefix,
    includeMetadata: true,
  })) {
    if (archiveBlob(name) === undefined) continue
    const writtenMs = Date.parse(metadata?.writtenat ?? '')
    found.push({ name, writtenMs: Number.isNaN(writtenMs) ? properties.lastModified.getTime() : writtenMs })
  }
  return found.sort((x, y) => y.writtenMs - x.writtenMs)
}

const later = (a: Heartbeat | undefined, b: Heartbeat | undefined): Heartbeat | undefined =>
  a === undefined || (b !== undefined && b.lastUpdatedAt > a.lastUpdatedAt) ? b : a

function programOf({ version, health: { programSha256 } }: Heartbeat): Program {
  return {
    ...(version === undefined ? {} : { version }),
    ...(typeof programSha256 === 'string' ? { sha256: programSha256 } : {}),
  }
}

/** The app's latest heartbeat in a blob, not counting operators' test events. */
async function heartbeatIn(lines: AsyncIterable<ArchiveLine>): Promise<Heartbeat | undefined> {
  let latest: Heartbeat | undefined
  for await (const line of lines) {
    if (line.kind !== 'event' || line.origin !== 'exporter' || line.event.kind !== 'heartbeat') continue
    latest = later(latest, line.event)
  }
  return latest
}

/**
 * Looks for the app's last heartbeat in the newest archive blobs.
 * @param schedule of its timer, as set
 */
export async function lastHeartbeat(
  archive: LeanContainer,
  schedule: string,
  now: Instant,
  readBlob: ReadBlob,
): Promise<LastHeartbeat> {
  const cron = readCron(schedule)
  const dueMs = cron === undefined ? undefined : dueBefore(cron, now, MISSED)
  const latestHour = Math.floor(now / HOUR_MS) * HOUR_MS
  let left = MAX_BLOBS
  let oldestMs: number | undefined
  for (let back = 0; back < HOURS && left > 0; back++) {
    const blobs = (await blobsOfHour(archive, latestHour - back * HOUR_MS)).slice(0, left)
    for (let i = 0; i < blobs.length; i += READS_AT_ONCE) {
      const some = blobs.slice(i, i + READS_AT_ONCE)
      left -= some.length
      oldestMs = Math.min(oldestMs ?? Number.POSITIVE_INFINITY, ...some.map(({ writtenMs }) => writtenMs))
      const met = await Promise.all(some.map(({ name }) => heartbeatIn(readBlob(archive, name))))
      const last = met.reduce(later, undefined)
      if (last !== undefined) {
        const at = last.lastUpdatedAt
        return { at, program: programOf(last), overdue: dueMs !== undefined && at < dueMs }
      }
    }
  }
  // Nothing can be said if not all was read or the schedule is sparse; and an app that has just
  // started has missed none.
  const wasDue = dueMs !== undefined && dueMs >= latestHour - (HOURS - 1) * HOUR_MS
  const wasThere = oldestMs === undefined || oldestMs < (dueMs ?? 0)
  return { at: undefined, overdue: wasDue && wasThere && left > 0 }
}
