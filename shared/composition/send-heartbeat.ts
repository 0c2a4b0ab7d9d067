import type { AzureClients } from '../azure/azure-clients.ts'
import type { AppSettings } from '../config/parse-settings.ts'
import { sinkProblems } from '../config/sinks-declared.ts'
import { RECORDS_FOLDER } from '../delivery/dead-letters/dead-letter-blobs.ts'
import { WITHOUT_POSITION_FOLDER } from '../delivery/dead-letters/without-position-blobs.ts'
import type { Outbox } from '../delivery/outbox/outbox.ts'
import { type Instant, instant } from '../domain/identifiers.ts'
import type { Time } from '../domain/time.ts'
import { VERSION } from '../domain/version.ts'
import { readLogEnd } from '../evidence/read-log-end.ts'
import type { ReconcileReport } from '../graph/reconcile-report.ts'
import {
  evidenceHealth,
  gatherHealth,
  type HealthSources,
  heartbeatMessage,
  reconcileHealth,
} from '../operations/heartbeat.ts'
import { CHECKPOINT_CONTAINER, partitionProgress } from '../operations/status/partition-lag.ts'
import { readingState } from '../operations/status/reading-state.ts'
import { deadLettersSince, outcomesSince, recordsSince } from '../operations/status/stored-health.ts'
import { logContainers } from './log-containers.ts'

const DEFAULT_INTERVAL_MS = 5 * 60_000

/**
 * Counts what is stored and sends it to the hub as a heartbeat.
 * @param lastMs when the last one was sent, if known
 * @param lastReport what the last comparison with Graph has found
 * @param programSha256 of the program that runs; `undefined` if it cannot be told
 * @returns when it was sent
 */
export async function sendHeartbeat(
  settings: AppSettings,
  clients: AzureClients,
  outbox: Pick<Outbox, 'pendingPartitions'>,
  sinks: readonly string[],
  time: Time,
  lastMs: number | undefined,
  lastReport: () => Promise<ReconcileReport | undefined>,
  programSha256: string | undefined,
): Promise<Instant> {
  const sentAt = instant(time.now())
  const since = instant(lastMs ?? sentAt - DEFAULT_INTERVAL_MS)
  const hub = await clients.hub()
  try {
    const [archive, receipts, deadLetters, host] = await Promise.all([
      clients.container('archive'),
      clients.container('receipts'),
      clients.container('deadletters'),
      clients.hostContainer(CHECKPOINT_CONTAINER),
    ])
    const sources: HealthSources = {
      recordsSince: (from: Instant) => recordsSince(archive, from, sentAt),
      outcomesSince: (from: Instant) => outcomesSince(receipts, from, sentAt),
      deadLettersSince: (from: Instant) =>
        deadLettersSince(
          deadLetters,
          [RECORDS_FOLDER, WITHOUT_POSITION_FOLDER, ...sinks],
          from,
          sentAt,
          settings.delivery.maxAgeMs,
        ),
      pendingPartitions: () => outbox.pendingPartitions(),
      reading: async () =>
        (await partitionProgress(hub, host, settings.eventHub.consumerGroup)).map(readingState),
      notConfigured: [...sinkProblems(settings).keys()],
    }
    const [counted, report, logEnd] = await Promise.all([
      gatherHealth(sources, sinks, { since, sentAt }),
      settings.graph.reconciles ? lastReport() : undefined,
      settings.evidence.seals ? readLogEnd(await logContainers(settings, clients)) : undefined,
    ])
    const health = {
      ...counted,
      ...(programSha256 === undefined ? {} : { programSha256 }),
      ...(report === undefined ? {} : reconcileHealth(report)),
      ...(logEnd === undefined ? {} : evidenceHealth(logEnd)),
    }
    const head = {
      tenantId: settings.tenantId,
      instanceId: `${settings.eventHub.name}/${settings.eventHub.consumerGroup}`,
      version: VERSION,
      since,
      sentAt,
    }
    await hub.sendBatch([{ body: Buffer.from(heartbeatMessage(head, health)) }])
    return sentAt
  } finally {
    await hub.close()
  }
}
