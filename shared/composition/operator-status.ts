import type { AzureClients } from '../azure/azure-clients.ts'
import type { AppSettings } from '../config/parse-settings.ts'
import { sinkNames } from '../config/sinks-declared.ts'
import { deadLetterReader } from '../delivery/dead-letters/dead-letter-reader.ts'
import type { Outbox } from '../delivery/outbox/outbox.ts'
import { lastDeliveries } from '../delivery/receipts/newest-receipts.ts'
import { instant } from '../domain/identifiers.ts'
import type { Time } from '../domain/time.ts'
import { readLogEnd } from '../evidence/read-log-end.ts'
import { CONTEXT_TABLE, contextTable } from '../graph/context-requests/context-table.ts'
import { contextsStatus } from '../graph/context-requests/contexts-status.ts'
import type { ReadBlob } from '../operations/readable-lines.ts'
import { lastHeartbeat } from '../operations/status/last-heartbeat.ts'
import { CHECKPOINT_CONTAINER, partitionProgress } from '../operations/status/partition-lag.ts'
import { sealing } from '../operations/status/sealing.ts'
import { type Status, status } from '../operations/status/status.ts'
import { logContainers } from './log-containers.ts'
import type { Reconciler } from './reconciler.ts'

/** Hours searched for a sink's last delivery: as long as an event may be pending by default. */
const LAST_DELIVERY_HOURS = 72

interface Known extends Pick<Reconciler, 'lastReport'> {
  /** Sinks that are on. */
  readonly accepted: ReadonlyMap<string, unknown>
  readonly outbox: Pick<Outbox, 'summary' | 'rows'>
  readonly readBlob: ReadBlob
}

/** Gathers the status of the app from hub and storage. */
export async function operatorStatus(
  settings: AppSettings,
  clients: AzureClients,
  { accepted, outbox, lastReport, readBlob }: Known,
  time: Pick<Time, 'now'>,
): Promise<Status> {
  const hub = await clients.hub()
  try {
    const [host, receipts, archive, deadLetters] = await Promise.all([
      clients.hostContainer(CHECKPOINT_CONTAINER),
      clients.container('receipts'),
      clients.container('archive'),
      clients.container('deadletters'),
    ])
    return await status({
      app: {
        tenantId: settings.tenantId,
        namespace: hub.fullyQualifiedNamespace,
        hub: settings.eventHub.name,
        consumerGroup: settings.eventHub.consumerGroup,
        programSha256: settings.programSha256,
      },
      heartbeat: () => lastHeartbeat(archive, settings.schedules.heartbeat, instant(time.now()), readBlob),
      reconciled: lastReport,
      contexts: async () =>
        settings.graph.readsContext
          ? contextsStatus(contextTable(await clients.table(CONTEXT_TABLE)))
          : undefined,
      sealing: async () =>
        settings.evidence.seals
          ? sealing(await readLogEnd(await logContainers(settings, clients)), instant(time.now()))
          : undefined,
      progress: () => partitionProgress(hub, host, settings.eventHub.consumerGroup),
      summary: () => outbox.summary(),
      firstRow: async (outboxPartition) => (await outbox.rows(outboxPartition, 1))[0],
      deadLetters: deadLetterReader(deadLetters),
      sinks: new Map(sinkNames(settings).map((sink) => [sink, accepted.has(sink)])),
      lastDeliveries: (sinks) => lastDeliveries(receipts, sinks, instant(time.now()), LAST_DELIVERY_HOURS),
    })
  } finally {
    await hub.close()
  }
}
