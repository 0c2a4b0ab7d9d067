import { RECORDS_FOLDER } from '../../delivery/dead-letters/dead-letter-blobs.ts'
import type { DeadLetterReader } from '../../delivery/dead-letters/dead-letter-reader.ts'
import { folderOf } from '../../delivery/dead-letters/dead-letter-reader.ts'
import {
  isReplayPartition,
  type OutboxPartition,
  type OutboxRow,
  type OutboxSummary,
} from '../../delivery/outbox/outbox.ts'
import type { ReadReceipt } from '../../delivery/receipts/parse-receipt.ts'
import type { Instant, TenantId } from '../../domain/identifiers.ts'
import type { ContextsStatus } from '../../graph/context-requests/contexts-status.ts'
import { settingProblem } from '../../graph/diagnostic-setting.ts'
import type { ReconcileReport } from '../../graph/reconcile-report.ts'
import type { LastHeartbeat } from './last-heartbeat.ts'
import { needsPerson } from './needs-person.ts'
import { oldestPending, type Pending } from './oldest-pending.ts'
import type { PartitionProgress } from './partition-lag.ts'
import { type ReadingState, readingState } from './reading-state.ts'
import type { Sealing } from './sealing.ts'

export interface SinkStatus {
  readonly sink: string
  /** Whether it is on by the settings; the pending deliveries of one that is off wait for it. */
  readonly on: boolean
  readonly pending: Pending
  /** Pending because an operator asked for it. */
  readonly replaying: Pending
  /** Open ones. */
  readonly deadLetters: number
  readonly lastDelivery: { readonly at: Instant; readonly events: number } | undefined
}

/** Which app it is about. */
export interface AppName {
  readonly tenantId: TenantId
  /** Host name of the Event Hubs namespace. */
  readonly namespace: string
  readonly hub: string
  readonly consumerGroup: string
  /** SHA-256 of the program that is deployed, where the settings tell it. */
  readonly programSha256?: string | undefined
}

export interface Status {
  readonly app: AppName
  readonly heartbeat: LastHeartbeat
  /** What the last comparison with Graph has found; absent: there was none. */
  readonly reconciled: ReconcileReport | undefined
  /** Absent: the app reads no contexts. */
  readonly contexts: ContextsStatus | undefined
  /** Absent: the settings do not ask for a log. */
  readonly sealing: Sealing | undefined
  readonly partitions: readonly ReadingState[]
  readonly sinks: readonly SinkStatus[]
  /** Open dead letters of records that never became events. */
  readonly faultyRecords: number
  /** Whether there are more dead letters than were counted. */
  readonly countedAll: boolean
  /** Dead letters that cannot be read. */
  readonly unreadableDeadLetters: number
  /** Rows of the outbox that cannot be read: set aside, or about to be. */
  readonly rowsSetAside: number
  /**
   * Outbox partitions that a clock which is ahead of this one has taken or put off: the next sweep takes them
   * over.
   */
  readonly clockAhead: readonly OutboxPartition[]
}

export interface StatusSources {
  readonly app: AppName
  readonly heartbeat: () => Promise<LastHeartbeat>
  readonly reconciled: () => Promise<ReconcileReport | undefined>
  readonly contexts: () => Promise<ContextsStatus | undefined>
  readonly sealing: () => Promise<Sealing | undefined>
  readonly progress: () => Promise<readonly PartitionProgress[]>
  readonly summary: () => Promise<OutboxSummary>
  /** The first row of an outbox partition. */
  readonly firstRow: (outboxPartition: OutboxPartition) => Promise<OutboxRow | undefined>
  readonly deadLetters: Pick<DeadLetterReader, 'newestFirst' | 'unreadable'>
  /** Sinks by name, and whether each is on. */
  readonly sinks: ReadonlyMap<string, boolean>
  readonly lastDeliveries: (sinks: readonly string[]) => Promise<ReadonlyMap<string, ReadReceipt>>
}

/** Dead letters are counted one by one, up to here. */
export const MAX_DEAD_LETTERS_COUNTED = 10_000

async function openDeadLetters(deadLetters: Pick<DeadLetterReader, 'newestFirst'>) {
  const byFolder = new Map<string, number>()
  let seen = 0
  for await (const group of deadLetters.newestFirst()) {
    for (const { deadLetter, state } of group) {
      seen += 1
      if (state === 'open') byFolder.set(folderOf(deadLetter), (byFolder.get(folderOf(deadLetter)) ?? 0) + 1)
    }
    if (seen >= MAX_DEAD_LETTERS_COUNTED) return { byFolder, countedAll: false }
  }
  return { byFolder, countedAll: true }
}

/**
 * How the exporter is: how far behind the hub, what it has pending, what it gave up on, when each
 * sink took events last.
 */
export async function status(sources: StatusSources): Promise<Status> {
  const [
    heartbeat,
    reconciled,
    contexts,
    sealing,
    progress,
    { pendingPartitions, unreadableRows, setAside },
    dead,
  ] = await Promise.all([
    sources.heartbeat(),
    sources.reconciled(),
    sources.contexts(),
    sources.sealing(),
    sources.progress(),
    sources.summary(),
    openDeadLetters(sources.deadLetters),
  ])
  const names = new Set([
    ...sources.sinks.keys(),
    ...pendingPartitions.map(({ outboxPartition }) => outboxPartition.sink),
  ])
  const last = await sources.lastDeliveries([...names])
  const sinkStatus = async (sink: string): Promise<SinkStatus> => {
    const outboxPartitions = pendingPartitions.filter(({ outboxPartition }) => outboxPartition.sink === sink)
    const delivery = last.get(sink)
    return {
      sink,
      on: sources.sinks.get(sink) ?? false,
      pending: await oldestPending(
        outboxPartitions.filter(({ outboxPartition }) => !isReplayPartition(outboxPartition)),
        sources.firstRow,
      ),
      replaying: await oldestPending(
        outboxPartitions.filter(({ outboxPartition }) => isReplayPartition(outboxPartition)),
        sources.firstRow,
      ),
      deadLetters: dead.byFolder.get(sink) ?? 0,
      lastDelivery: delivery === undefined ? undefined : { at: delivery.at, events: delivery.delivered },
    }
  }
  return {
    app: sources.app,
    heartbeat,
    reconciled,
    contexts,
    sealing,
    partitions: progress.map(readingState),
    sinks: await Promise.all([...names].map(sinkStatus)),
    faultyRecords: dead.byFolder.get(RECORDS_FOLDER) ?? 0,
    countedAll: dead.countedAll,
    unreadableDeadLetters: sources.deadLetters.unreadable(),
    rowsSetAside: setAside + unreadableRows.length,
    clockAhead: pendingPartitions
      .filter(({ isLeaseAhead }) => isLeaseAhead)
      .map(({ outboxPartition }) => outboxPartition),
  }
}

/** Whether the program that sent the last heartbeat is another than the one that is deployed. */
export const isOtherProgram = ({ app, heartbeat }: Pick<Status, 'app' | 'heartbeat'>): boolean =>
  app.programSha256 !== undefined &&
  heartbeat.at !== undefined &&
  heartbeat.program?.sha256 !== app.programSha256

/** Whether anything lasts until somebody does something about it. */
export const needsAttention = (found: Status): boolean =>
  settingProblem(found.reconciled?.diagnosticSetting) !== undefined ||
  found.heartbeat.overdue ||
  isOtherProgram(found) ||
  (found.sealing?.overdue ?? false) ||
  found.partitions.some(({ state, expired }) => state === 'beyondEnd' || expired > 0) ||
  found.sinks.some(({ pending, deadLetters }) => needsPerson(pending.fault) || deadLetters > 0) ||
  found.faultyRecords + found.unreadableDeadLetters + found.rowsSetAside > 0
