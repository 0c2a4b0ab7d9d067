import type { PendingPartition } from '../delivery/outbox/outbox.ts'
import { HEARTBEAT_CATEGORY } from '../domain/category.ts'
import type { Instant, TenantId } from '../domain/identifiers.ts'
import { isoInstant } from '../domain/iso-instant.ts'
import type { RecordTally, SinkTally } from '../domain/tally.ts'
import type { JsonObject } from '../encoding/json.ts'
import type { LogEnd } from '../evidence/read-log-end.ts'
import type { ReconcileReport } from '../graph/reconcile-report.ts'
import type { ReadingState } from './status/reading-state.ts'

/**
 * Sources of a heartbeat's figures: durable storage only, since Flex Consumption runs each function
 * in processes of its own.
 */
export interface HealthSources {
  recordsSince(since: Instant): Promise<RecordTally>
  outcomesSince(since: Instant): Promise<ReadonlyMap<string, SinkTally>>
  deadLettersSince(since: Instant): Promise<number>
  pendingPartitions(): Promise<readonly PendingPartition[]>
  reading(): Promise<readonly ReadingState[]>
  /** Sinks whose settings cannot be used. */
  readonly notConfigured: readonly string[]
}

/** Which app sent a heartbeat, and when. */
export interface HeartbeatHead {
  readonly tenantId: TenantId
  /** Identifies the deployment. */
  readonly instanceId: string
  readonly version: string
  readonly since: Instant
  readonly sentAt: Instant
}

const secondsSince = (at: Instant, now: Instant): number => Math.max(0, Math.round((now - at) / 1000))

function pendingAt(sink: string, pendingPartitions: readonly PendingPartition[], now: Instant): JsonObject {
  const outboxPartitions = pendingPartitions.filter(({ outboxPartition }) => outboxPartition.sink === sink)
  const oldest = outboxPartitions.reduce<Instant | undefined>(
    (known, { oldestTriedAt }) => (known === undefined || oldestTriedAt < known ? oldestTriedAt : known),
    undefined,
  )
  return {
    pending: outboxPartitions.reduce((sum, { events }) => sum + events, 0),
    oldestPendingSeconds: oldest === undefined ? 0 : secondsSince(oldest, now),
  }
}

/** The exporter's health, counted from what is stored. */
export async function gatherHealth(
  sources: HealthSources,
  sinks: readonly string[],
  { since, sentAt }: Pick<HeartbeatHead, 'since' | 'sentAt'>,
): Promise<JsonObject> {
  const [records, outcomes, deadLetters, pendingPartitions, reading] = await Promise.all([
    sources.recordsSince(since),
    sources.outcomesSince(since),
    sources.deadLettersSince(since),
    sources.pendingPartitions(),
    sources.reading(),
  ])
  const bySink = sinks.map((sink): [string, JsonObject] => {
    const { pending: _, ...settled } = outcomes.get(sink) ?? {
      delivered: 0,
      pending: 0,
      deadLettered: 0,
      duplicate: 0,
      filtered: 0,
    }
    const notConfigured = sources.notConfigured.includes(sink) ? { notConfigured: true } : {}
    return [sink, { ...settled, ...pendingAt(sink, pendingPartitions, sentAt), ...notConfigured }]
  })
  return {
    since: isoInstant(since),
    ...records,
    deadLetters,
    pending: pendingPartitions.reduce((sum, { events }) => sum + events, 0),
    oldestPendingSeconds: Math.max(
      0,
      ...pendingPartitions.map(({ oldestTriedAt }) => secondsSince(oldestTriedAt, sentAt)),
    ),
    sinks: Object.fromEntries(bySink),
    partitions: reading.map(({ partition, lastSequenceNumber, state, behind }) => ({
      partition,
      lastSequenceNumber,
      state,
      ...(behind === undefined ? {} : { behind }),
    })),
  }
}

/** What the last comparison with Graph has found, as part of the health. */
export const reconcileHealth = (report: ReconcileReport): JsonObject => ({
  reconciledAt: isoInstant(report.at),
  factsInBoth: report.inBoth,
  factsOnlyInStream: report.onlyInStream,
  factsOnlyInGraph: report.onlyInGraph,
  factsEnrichedInGraph: report.enrichedInGraph,
  ...(report.oldestMissingAt === undefined ? {} : { oldestMissingAt: isoInstant(report.oldestMissingAt) }),
  streamLagSeconds: report.streamLagSeconds,
  streamLossPerMille: report.streamLossPerMille,
  ...(report.diagnosticSetting === undefined ? {} : { diagnosticSetting: report.diagnosticSetting.state }),
})

/**
 * Where the log of the archive ends, as part of the health: in places that nobody can rewrite who
 * can rewrite the archive, a later log can be held against it.
 */
export const evidenceHealth = ({ origin, size, root, writtenAt }: LogEnd): JsonObject => ({
  evidenceOrigin: origin,
  evidenceSize: size,
  evidenceRoot: root.toString('base64'),
  evidenceSealedAt: isoInstant(writtenAt),
})

/** The Event Hub message of a heartbeat; it takes the same path as every record. */
export const heartbeatMessage = (head: HeartbeatHead, health: JsonObject): string =>
  JSON.stringify({
    records: [
      {
        time: isoInstant(head.sentAt),
        category: HEARTBEAT_CATEGORY,
        origin: 'exporter',
        tenantId: head.tenantId,
        properties: {
          sentAt: isoInstant(head.sentAt),
          version: head.version,
          instanceId: head.instanceId,
          health,
        },
      },
    ],
  })
