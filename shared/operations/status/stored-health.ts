import type { ContainerClient } from '@azure/storage-blob'
import { receiptTallies } from '../../delivery/receipts/receipt-tallies.ts'
import { dateFolder, hourFolder } from '../../domain/blob-folders.ts'
import { type Instant, instant } from '../../domain/identifiers.ts'
import { addSinkTallies, EMPTY_SINK_TALLY, type RecordTally, type SinkTally } from '../../domain/tally.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

type Metadata = Readonly<Record<string, string>>

/** Metadata of the blobs under a prefix written since then. */
async function* writtenSince(
  container: ContainerClient,
  prefix: string,
  since: Instant,
): AsyncGenerator<Metadata> {
  for await (const blob of container.listBlobsFlat({ prefix, includeMetadata: true })) {
    if (blob.properties.lastModified.getTime() >= since) yield blob.metadata ?? {}
  }
}

/**
 * Blobs are filed under the hour of their messages, and after a long outage the program reads old
 * ones.
 */
const LOOK_BACK_MS = 24 * HOUR_MS

const hoursBetween = (from: Instant, to: Instant): readonly string[] => {
  const hours: string[] = []
  for (let at = Math.floor(from / HOUR_MS) * HOUR_MS; at <= to; at += HOUR_MS) {
    hours.push(hourFolder(instant(at)))
  }
  return hours
}

const count = (metadata: Metadata, name: string): number => Number(metadata[name] ?? 0) || 0

/** Records of chunks archived since then, from blob metadata. */
export async function recordsSince(
  archive: ContainerClient,
  since: Instant,
  now: Instant,
): Promise<RecordTally> {
  const tally = { records: 0, events: 0, faults: 0, skipped: 0 }
  for (const hour of hoursBetween(instant(since - LOOK_BACK_MS), now)) {
    for await (const metadata of writtenSince(archive, `v1/${hour}`, since)) {
      tally.records += count(metadata, 'records')
      tally.events += count(metadata, 'events')
      tally.faults += count(metadata, 'faults')
      tally.skipped += count(metadata, 'skipped')
    }
  }
  return tally
}

/** Outcomes since then per sink, from the receipts of messages enqueued since then. */
export async function outcomesSince(
  receipts: ContainerClient,
  since: Instant,
  now: Instant,
): Promise<ReadonlyMap<string, SinkTally>> {
  const bySink = new Map<string, SinkTally>()
  for (const hour of hoursBetween(instant(since - LOOK_BACK_MS), now)) {
    for await (const metadata of writtenSince(receipts, `v1/${hour}`, since)) {
      for (const [sink, tally] of receiptTallies(metadata)) {
        bySink.set(sink, addSinkTallies(bySink.get(sink) ?? EMPTY_SINK_TALLY, tally))
      }
    }
  }
  return bySink
}

/**
 * Dead letters written since then. They are filed under the hour of their message, so the search
 * covers as many days as a delivery may be pending.
 */
export async function deadLettersSince(
  deadLetters: ContainerClient,
  folders: readonly string[],
  since: Instant,
  now: Instant,
  maxAgeMs: number,
): Promise<number> {
  let found = 0
  for (const folder of folders) {
    for (let at = Math.floor((since - maxAgeMs) / DAY_MS) * DAY_MS; at <= now; at += DAY_MS) {
      const prefix = `v1/${folder}/${dateFolder(instant(at))}`
      for await (const metadata of writtenSince(deadLetters, prefix, since))
        found += count(metadata, 'deadletters')
    }
  }
  return found
}
