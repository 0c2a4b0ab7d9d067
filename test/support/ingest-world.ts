import { createDefaultHttpClient } from '@azure/core-rest-pipeline'
import { TableClient } from '@azure/data-tables'
import { QueueClient } from '@azure/storage-queue'
import type { Azurite } from '../../local/emulators/azurite/azurite.ts'
import { createStorage } from '../../local/stack/create-storage.ts'
import { readLines } from '../../shared/archive/reader.ts'
import { archiveWriter } from '../../shared/archive/writer.ts'
import { LeanContainer } from '../../shared/azure/lean-container.ts'
import { leanTable } from '../../shared/azure/lean-table.ts'
import { assemble } from '../../shared/composition/assemble.ts'
import { blobDeadLetters } from '../../shared/delivery/dead-letters/dead-letter-blobs.ts'
import { settledTable } from '../../shared/delivery/dedup/settled-table.ts'
import { noFailpoint } from '../../shared/delivery/failpoint.ts'
import type { Outbox, OutboxPartition } from '../../shared/delivery/outbox/outbox.ts'
import { tableOutbox } from '../../shared/delivery/outbox/outbox-table.ts'
import { WAKE_UP_QUEUE, wakeUpQueue } from '../../shared/delivery/outbox/wake-up-queue.ts'
import { blobReceipts } from '../../shared/delivery/receipts/receipt.ts'
import type { Sink } from '../../shared/delivery/sink.ts'
import { instant, tenantId } from '../../shared/domain/identifiers.ts'
import type { Message } from '../../shared/domain/position.ts'
import type { ReadMessage } from '../../shared/domain/read-message.ts'
import { type IngestDeps, ingest } from '../../shared/pipeline/ingest/ingest.ts'
import { redeliver } from '../../shared/pipeline/redeliver/redeliver.ts'
import type { Rereader } from '../../shared/pipeline/redeliver/renormalise.ts'
import { logTelemetry } from '../../shared/telemetry/log-telemetry.ts'
import { type VirtualTime, virtualTime } from './virtual-time.ts'

export const NAMESPACE = 'risk.servicebus.windows.net'
export const HUB = 'entra-risk'

/** The pipeline on real storage, with sinks that answer by script and a clock that stands still. */
export interface IngestWorld {
  readonly time: VirtualTime
  readonly archive: LeanContainer
  readonly receipts: LeanContainer
  readonly deadLetters: LeanContainer
  readonly outbox: Outbox
  readonly rereader: Rereader
  readonly queue: QueueClient
  /** @param read how messages are read; default: as the program reads them */
  ingest(messages: readonly Message[], read?: (message: Message) => ReadMessage): Promise<void>
  redeliver(outboxPartition: OutboxPartition): Promise<void>
  /** Drains every outbox partition that has something pending, once. */
  drain(): Promise<void>
}

export interface IngestWorldOptions {
  readonly azurite: Pick<Azurite, 'connectionString'>
  readonly sinks: readonly Sink[]
  readonly startMs?: number
  /** Version of the program that writes. */
  readonly version?: string
  readonly onSettled?: IngestDeps['onSettled']
}

const source = {
  tenantId: tenantId('11111111-2222-4333-8444-555555555555'),
  includeUserRisk: false,
  language: 'en',
} as const

export async function ingestWorld({
  azurite,
  sinks,
  startMs,
  version = '0.1.0',
  onSettled,
}: IngestWorldOptions): Promise<IngestWorld> {
  const { connectionString } = azurite
  await createStorage(connectionString)
  const time = virtualTime(startMs)
  const container = (name: string) => new LeanContainer(connectionString, name)
  const archive = container('archive')
  const receiptsContainer = container('receipts')
  const deadLetterContainer = container('deadletters')
  const table = (name: string) =>
    leanTable(
      TableClient.fromConnectionString(connectionString, name, { allowInsecureConnection: true }),
      createDefaultHttpClient(),
    )
  const queue = new QueueClient(connectionString, WAKE_UP_QUEUE)
  const outbox = tableOutbox(table('outbox'), time, () => 'token')
  const telemetry = logTelemetry(() => undefined)
  const { rereader, ingestDeps, redeliverDeps } = assemble(
    {
      archive: archiveWriter(archive, version, time),
      readLines: (blob, lines, space) => readLines(archive, blob, lines, space),
      deadLetters: blobDeadLetters(deadLetterContainer, time),
      receipts: blobReceipts(receiptsContainer, time, (cause) => {
        throw cause
      }),
      outbox,
      wakeUps: wakeUpQueue(queue, time),
      settledRanges: settledTable(table('settled')),
    },
    {
      sinks: sinks.map((sink) => ({ sink, accepts: () => true })),
      source,
      delivery: {
        deliveryTimeoutMs: 1000,
        redeliveryBudgetMs: 20_000,
        maxBackoffMs: 300_000,
        maxAgeMs: 72 * 3_600_000,
      },
      time,
      onProblem: () => undefined,
      failpoint: noFailpoint,
    },
  )
  const redeliverNow = (outboxPartition: OutboxPartition) =>
    redeliver(outboxPartition, { ...redeliverDeps, telemetry })
  return {
    time,
    archive,
    receipts: receiptsContainer,
    deadLetters: deadLetterContainer,
    outbox,
    rereader,
    queue,
    ingest: (messages, read = rereader.readMessage) =>
      ingest(messages, {
        ...ingestDeps,
        telemetry,
        read,
        ...(onSettled === undefined ? {} : { onSettled }),
      }),
    redeliver: redeliverNow,
    async drain() {
      for (const { outboxPartition } of await outbox.pendingPartitions()) await redeliverNow(outboxPartition)
    },
  }
}

/** A message at a place of a partition; enqueued a second after the one before it. */
export const messageAt = (
  sequenceNumber: number,
  body: string | Uint8Array,
  partition = '0',
  startMs = Date.UTC(2026, 2, 1, 9),
): Message => ({
  position: {
    namespace: NAMESPACE,
    hub: HUB,
    partition,
    sequenceNumber,
    offset: String(sequenceNumber * 1000),
    enqueuedAt: instant(startMs + sequenceNumber * 1000),
  },
  body: typeof body === 'string' ? Buffer.from(body) : body,
})

export interface RecordChoice {
  readonly category?: string
  readonly id?: string
  readonly principal?: string
}

export const PRINCIPAL = '0a0a0a0a-1b1b-4c2c-8d3d-4e4e4e4e4e4e'

/** A record as Entra writes it. */
export const riskRecord = (n: number, choice: RecordChoice = {}): string => {
  const { category = 'ServicePrincipalRiskEvents', id = `detection-${n}`, principal = PRINCIPAL } = choice
  return JSON.stringify({
    time: '3/1/2026 9:15:00 AM',
    category,
    tenantId: '11111111-2222-4333-8444-555555555555',
    properties: {
      id,
      riskEventType: 'leakedCredentials',
      riskState: 'atRisk',
      riskLevel: 'high',
      riskDetail: 'none',
      activityDateTime: '2026-03-01T08:00:00Z',
      detectedDateTime: '2026-03-01T09:15:00Z',
      lastUpdatedDateTime: `2026-03-01T09:20:${String(n % 60).padStart(2, '0')}Z`,
      servicePrincipalId: principal,
      servicePrincipalDisplayName: 'Payroll nightly sync',
      appId: '99999999-8888-4777-8666-555555555555',
    },
  })
}

export const envelope = (...records: readonly string[]): string => `{"records":[${records.join(',')}]}`
