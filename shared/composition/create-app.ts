import { readLines } from '../archive/reader.ts'
import { archiveWriter } from '../archive/writer.ts'
import type { AzureClients } from '../azure/azure-clients.ts'
import { unavailableStorage } from '../azure/storage-condition.ts'
import { type AppSettings, type Environment, readSettings, sourceOf } from '../config/parse-settings.ts'
import { blobDeadLetters } from '../delivery/dead-letters/dead-letter-blobs.ts'
import { keepPoisonMessage } from '../delivery/dead-letters/poison-messages.ts'
import { blobsWithoutPosition } from '../delivery/dead-letters/without-position-blobs.ts'
import { settledTable } from '../delivery/dedup/settled-table.ts'
import type { ReachFailpoint } from '../delivery/failpoint.ts'
import type { OutboxPartition } from '../delivery/outbox/outbox.ts'
import { tableOutbox } from '../delivery/outbox/outbox-table.ts'
import { WAKE_UP_QUEUE, wakeUpQueue } from '../delivery/outbox/wake-up-queue.ts'
import { blobReceipts } from '../delivery/receipts/receipt.ts'
import type { TriggerBatch } from '../domain/message-without-position.ts'
import type { Time } from '../domain/time.ts'
import { VERSION } from '../domain/version.ts'
import { type Health, healthChecks, healthUnknown } from '../operations/health.ts'
import { refusalOf } from '../operations/status/oldest-pending.ts'
import { BatchHandler } from '../pipeline/ingest/batch-handler.ts'
import { memo } from '../pipeline/memo.ts'
import { redeliver } from '../pipeline/redeliver/redeliver.ts'
import { sweep } from '../pipeline/redeliver/sweep.ts'
import { monitorAudience } from '../sinks/log-analytics/audience.ts'
import { logTelemetry, type WriteLog } from '../telemetry/log-telemetry.ts'
import { assemble, type Ports } from './assemble.ts'
import { azureClients } from './azure-clients.ts'
import { InFlight } from './in-flight.ts'
import { managedIdentity } from './managed-identity.ts'
import { processTelemetry } from './process-telemetry.ts'
import { reconcileNow } from './reconcile-now.ts'
import { sendHeartbeat } from './send-heartbeat.ts'
import { enabledSinks } from './sinks-enabled.ts'

const STORAGE_SCOPE = 'https://storage.azure.com/.default'
/** The worker gives its hooks five seconds. */
const STOP_GRACE_MS = 4000

/** What the functions call; each call gets the log of its invocation. */
export interface App {
  readonly settings: AppSettings
  /** Makes clients and tokens before the first batch needs them. Never fails. */
  start(): Promise<void>
  ingest(batch: TriggerBatch, retryCount: number, log: WriteLog): Promise<void>
  /** @param outboxPartition `undefined` if the wake-up message names none */
  redeliver(outboxPartition: OutboxPartition | undefined, log: WriteLog): Promise<void>
  sweep(): Promise<void>
  /** @param lastMs when the last one was sent, in milliseconds since the epoch, if known */
  heartbeat(lastMs: number | undefined): Promise<void>
  /**
   * Compares Microsoft Graph with the archive, and sends what the stream has not brought; nothing
   * where the settings do not ask for it.
   */
  reconcile(log: WriteLog): Promise<void>
  health(): Promise<readonly Health[]>
  /** Shuts down: deliveries become pending at once; archive and outbox writes are completed. */
  stop(): Promise<void>
  /** Keeps a message that the host gave up on, verbatim. */
  keepPoison(message: Uint8Array): Promise<void>
}

/** The program's external dependencies. */
export interface World {
  /** App settings. */
  readonly env: Environment
  /** For what belongs to no invocation. */
  readonly log: WriteLog
  readonly time: Time
  /** A new random UUID. */
  readonly newId: () => string
  readonly failpoint: ReachFailpoint
}

/**
 * Creates the app: settings, clients, sinks, pipeline.
 * @throws ConfigError that lists every problem of the settings
 */
export function createApp(world: World): App {
  const { time, log, newId } = world
  const settings = readSettings(world.env)
  const clients: AzureClients = azureClients(
    settings,
    memo(() => managedIdentity(settings.identityClientId, time)),
    time,
  )
  const inFlight = new InFlight()
  let lastHeartbeatMs: number | undefined
  const batchHandler = new BatchHandler()
  const telemetry = processTelemetry(settings, clients, log)
  const parts = memo(() => makeParts(settings, clients, world, inFlight.deliveryTime(time)))
  // Few processes ever ask Graph: its client is loaded with the first question.
  const reconciler = memo(async () =>
    (await import('./reconciler.ts')).createReconciler(settings, clients, time),
  )
  const checks = memo(async () => {
    const { pipelines, archiveContainer, redeliverDeps } = await parts()
    const archive = {
      name: 'archive',
      check: (signal: AbortSignal) =>
        archiveContainer
          .getProperties({ abortSignal: signal })
          .then(() => undefined, unavailableStorage('archive')),
    }
    // A sink can pass its health check and still refuse every delivery.
    const sinks = pipelines.map(({ sink }) => ({
      name: sink.name,
      check: async (signal: AbortSignal) =>
        (await sink.check(signal)) ?? (await refusalOf(sink.name, redeliverDeps.outbox)),
    }))
    return healthChecks([...sinks, archive], time)
  })

  return {
    settings,
    async start() {
      // What fails is tried again by whoever needs it, and reported there.
      await Promise.allSettled([parts(), telemetry.to(log), firstTokens(settings, clients)])
    },
    async ingest(batch, retryCount, write) {
      const { ingestDeps, keepWithoutPosition } = await parts()
      const deps = { ...ingestDeps, keepWithoutPosition, telemetry: await telemetry.to(write) }
      const end = inFlight.begin()
      try {
        await batchHandler.handle(batch, retryCount, deps)
      } finally {
        end()
      }
    },
    async redeliver(outboxPartition, write) {
      if (outboxPartition === undefined)
        return logTelemetry(write).problem('outboxPartitionUnknown', undefined)
      const { redeliverDeps } = await parts()
      const deps = { ...redeliverDeps, telemetry: await telemetry.to(write) }
      const end = inFlight.begin()
      try {
        await redeliver(outboxPartition, deps)
      } finally {
        end()
      }
    },
    async sweep() {
      const { redeliverDeps } = await parts()
      await sweep({ ...redeliverDeps, telemetry: await telemetry.to(log) })
    },
    async heartbeat(lastMs) {
      const { redeliverDeps, pipelines } = await parts()
      const sinks = pipelines.map((pipeline) => pipeline.sink.name)
      try {
        // For a timer that fires more than once a minute the host does not know when it last fired;
        // this process does.
        const sinceMs = lastMs ?? lastHeartbeatMs
        lastHeartbeatMs = await sendHeartbeat(
          settings,
          clients,
          redeliverDeps.outbox,
          sinks,
          time,
          sinceMs,
          async () => (await reconciler()).lastReport(),
        )
      } catch (error) {
        logTelemetry(log).problem('heartbeatNotSent', error)
        throw error
      }
    },
    async reconcile(write) {
      if (!settings.graph.reconciles) return
      const to = await telemetry.to(write)
      try {
        await reconcileNow(settings, await reconciler(), to, time)
      } catch (error) {
        to.problem('reconcileFailed', error)
        throw error
      }
    },
    health: () => checks().then((run) => run(), healthUnknown),
    async stop() {
      await inFlight.stop(STOP_GRACE_MS, time)
      await telemetry.flush()
    },
    async keepPoison(message) {
      await keepPoisonMessage(await clients.container('deadletters'), message, time, newId)
    },
  }
}

/** The credential keeps the tokens until they expire. */
async function firstTokens(
  { archiveStorage, hostStorage, logAnalytics }: AppSettings,
  clients: AzureClients,
) {
  const scopes = [
    ...([archiveStorage, hostStorage].some(({ by }) => by === 'identity') ? [STORAGE_SCOPE] : []),
    ...(logAnalytics === undefined ? [] : [`${monitorAudience(logAnalytics.endpoint)}/.default`]),
  ]
  if (scopes.length === 0) return
  const credential = await clients.credential()
  await Promise.all(scopes.map((scope) => credential.getToken(scope)))
}

async function makeParts(
  settings: AppSettings,
  clients: AzureClients,
  { time, log, newId, failpoint }: World,
  deliveryTime: Time,
) {
  const own = logTelemetry(log)
  const queue = memo(() => clients.queue(WAKE_UP_QUEUE))
  const [archive, deadLetters, receipts, outbox, settled, sinks] = await Promise.all([
    clients.container('archive'),
    clients.container('deadletters'),
    clients.container('receipts'),
    clients.table('outbox'),
    clients.table('settled'),
    enabledSinks(settings, () => clients.credential(), time),
  ])
  const ports: Ports = {
    archive: archiveWriter(archive, VERSION, time),
    readLines: (blob, lines) => readLines(archive, blob, lines),
    deadLetters: blobDeadLetters(deadLetters, time),
    receipts: blobReceipts(receipts, time, (cause) => own.problem('receiptNotWritten', cause)),
    outbox: tableOutbox(outbox, time, newId),
    // Most processes never send one: its SDK is loaded with the first.
    wakeUps: {
      send: async (outboxPartition, delayMs) =>
        wakeUpQueue(await queue(), time).send(outboxPartition, delayMs),
    },
    settledRanges: settledTable(settled),
  }
  const assembled = assemble(ports, {
    sinks,
    source: sourceOf(settings),
    delivery: settings.delivery,
    time,
    deliveryTime,
    onProblem: (problem, cause) => own.problem(problem, cause),
    failpoint,
  })
  return {
    ...assembled,
    archiveContainer: archive,
    keepWithoutPosition: blobsWithoutPosition(deadLetters, time),
  }
}
