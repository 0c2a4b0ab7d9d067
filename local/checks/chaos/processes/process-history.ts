import type { ContainerClient } from '@azure/storage-blob'
import { storedBlobs } from '../../once/collect.ts'
import type { Stores } from '../../once/stores.ts'
import { archiveLines, pointerTo } from '../../verify/archive-line.ts'
import { archivedPositions } from '../duplicates/archived-positions.ts'
import type { Disruption, Ingestion, RunHistory } from '../duplicates/history.ts'
import { ingestionsAt } from '../duplicates/ingestions.ts'
import { answeredByReceipts } from './answered-by-receipts.ts'
import { type Arrivals, positionText } from './arrivals.ts'
import type { DisruptionLog } from './disruption-log.ts'
import type { HostLife, Hosts } from './hosts.ts'
import { type FiledReceipt, filedReceipts } from './receipts.ts'

interface Observed {
  readonly startedAt: number
  readonly endedAt: number
  readonly arrivals: Arrivals
  readonly log: DisruptionLog
  readonly hosts: Pick<Hosts, 'lives'>
}

const DAY_MS = 86_400_000
const SINKS = ['log-analytics', 'webhook'] as const

/** The history of a run of processes, once it is over. */
export async function processHistory(
  stores: Stores,
  { startedAt, endedAt, arrivals, log, hosts }: Observed,
): Promise<RunHistory> {
  // Times of a process are by its own clock, which may have been wrong by days.
  const isOfRun = (at: number): boolean => at >= startedAt - DAY_MS / 2 && at <= endedAt + DAY_MS / 2
  const writtenAt = await archiveTimes(stores.archive, isOfRun)
  const lines = (await storedBlobs(stores.archive)).flatMap(archiveLines)
  const events = lines
    .filter(({ kind }) => kind === 'event')
    .map(({ eventId, partition, sequenceNumber, ordinal, blob, line }) => ({
      eventId,
      position: positionText(partition, sequenceNumber, ordinal),
      at: writtenAt.get(blob) ?? startedAt,
      pointer: pointerTo(blob, line),
    }))
  const positions = new Map(events.map(({ pointer, position }) => [pointer, position]))
  const receipts = (await filedReceipts(stores.receipts)).filter(({ to }) => isOfRun(to))
  const taken = receipts.flatMap((receipt) =>
    receipt.entries.map((entry) => [entry, ingestionOf(receipt, hosts.lives())] as const),
  )
  return {
    startedAt,
    disruptions: [...log.disruptions, ...twoHosts(hosts.lives())],
    archived: archivedPositions(events),
    sinks: await Promise.all(
      SINKS.map(async (sink) => ({
        sink,
        arrivals: answeredByReceipts(sink, await arrivals.at(sink), receipts),
        ingestions: ingestionsAt(sink, taken, positions),
      })),
    ),
  }
}

/** By blob name: when the program began to write each archive blob, or else when it existed. */
async function archiveTimes(
  archive: ContainerClient,
  isOfRun: (at: number) => boolean,
): Promise<ReadonlyMap<string, number>> {
  const times = new Map<string, number>()
  for await (const { name, metadata, properties } of archive.listBlobsFlat({ includeMetadata: true })) {
    const writtenAt = Date.parse(metadata?.['writtenat'] ?? '')
    times.set(name, isOfRun(writtenAt) ? writtenAt : properties.lastModified.getTime())
  }
  return times
}

/** While two hosts run, partitions move between them. */
const twoHosts = (lives: readonly HostLife[]): readonly Disruption[] =>
  lives.flatMap((life, i) =>
    lives
      .slice(i + 1)
      .map((other) => ({ from: Math.max(life.from, other.from), to: Math.min(life.to, other.to) }))
      .filter(({ from, to }) => from < to)
      .map((both) => ({ what: 'two hosts at once', ...both })),
  )

/** A receipt's process is known if only one ran, and if it settled all sinks. */
function ingestionOf({ entries, from, to }: FiledReceipt, lives: readonly HostLife[]): Ingestion {
  const [life, another] = lives.filter((l) => l.from <= to && l.to >= from)
  const isSole = life !== undefined && another === undefined && entries.length === SINKS.length
  return { ...(isSole ? { process: life.process } : {}), from, to }
}
