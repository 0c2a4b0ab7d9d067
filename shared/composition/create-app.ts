import type { AzureClients } from '../azure/azure-clients.ts'
import { unavailableStorage } from '../azure/storage-condition.ts'
import type { AppSettings } from '../config/parse-settings.ts'
import { settingWarnings } from '../config/sinks-declared.ts'
import { keepPoisonMessage } from '../delivery/dead-letters/poison-messages.ts'
import type { ReachFailpoint } from '../delivery/failpoint.ts'
import type { OutboxPartition } from '../delivery/outbox/outbox.ts'
import type { TriggerBatch } from '../domain/message-without-position.ts'
import type { Time } from '../domain/time.ts'
import { type Health, healthChecks, healthUnknown } from '../operations/health.ts'
import { refusalOf } from '../operations/status/oldest-pending.ts'
import { BatchHandler } from '../pipeline/ingest/batch-handler.ts'
import { memo } from '../pipeline/memo.ts'
import { redeliver } from '../pipeline/redeliver/redeliver.ts'
import { sweep } from '../pipeline/redeliver/sweep.ts'
import { logTelemetry, type WriteLog } from '../telemetry/log-telemetry.ts'
import { appParts } from './app-parts.ts'
import { azureClients } from './azure-clients.ts'
import { createContextRequests } from './context-requests.ts'
import { firstTokens } from './first-tokens.ts'
import { InFlight } from './in-flight.ts'
import { managedIdentity } from './managed-identity.ts'
import { processTelemetry } from './process-telemetry.ts'
import { programSha256 } from './program-digest.ts'
import { readContextsNow } from './read-contexts-now.ts'
import { reconcileNow } from './reconcile-now.ts'
import { sendHeartbeat } from './send-heartbeat.ts'

/** The worker gives its hooks five seconds. */
const STOP_GRACE_MS = 4000

/** What the functions call; each call gets the log of its invocation. */
export interface App {
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
  /**
   * Reads the contexts that were requested, and sends them to the hub; nothing where the settings
   * do not ask for it. Never rejects.
   */
  readContexts(log: WriteLog): Promise<void>
  /**
   * Adds what is new in the archive to the log; nothing where the settings do not ask for it.
   */
  seal(log: WriteLog): Promise<void>
  health(): Promise<readonly Health[]>
  /** SHA-256 of the program that runs; `undefined` if it cannot be told. Reads its files once. */
  programSha256(): Promise<string | undefined>
  /** Shuts down: deliveries become pending at once; archive and outbox writes are completed. */
  stop(): Promise<void>
  /** Keeps a message that the host gave up on, verbatim. */
  keepPoison(message: Uint8Array): Promise<void>
}

/** What the program is made for, and its external dependencies. */
export interface World {
  readonly settings: AppSettings
  /** For what belongs to no invocation. */
  readonly log: WriteLog
  readonly time: Time
  /** A new random UUID. */
  readonly newId: () => string
  readonly failpoint: ReachFailpoint
}

/** Creates the app: clients, sinks, pipeline. */
export function createApp(world: World): App {
  const { settings, time, log, newId } = world
  const clients: AzureClients = azureClients(
    settings,
    memo(() => managedIdentity(settings.identityClientId, time)),
    time,
  )
  const warnings = settingWarnings(settings)
  const inFlight = new InFlight()
  let lastHeartbeatMs: number | undefined
  const program = memo(() => programSha256())
  const knownProgram = (): Promise<string | undefined> =>
    program().catch((error: unknown) => {
      logTelemetry(log).problem('programNotRead', error)
      return undefined
    })
  const batchHandler = new BatchHandler()
  const telemetry = processTelemetry(settings, clients, log)
  const parts = memo(() => appParts(settings, clients, world, inFlight.deliveryTime(time)))
  const contextRequests = settings.graph.readsContext
    ? createContextRequests({ settings, clients, time, inFlight, telemetry: () => telemetry.to(log) })
    : undefined
  // Few processes ever ask Graph: its client is loaded with the first question.
  const reconciler = memo(async () =>
    (await import('./reconciler.ts')).createReconciler(settings, clients, time, {
      onStates: (events) => contextRequests?.ofStates(events),
      onUnreadable: (blob, because) =>
        logTelemetry(log).problem('archiveBlobUnreadable', new Error(`${blob} ${because}.`)),
    }),
  )
  const contextReader = memo(async () =>
    (await import('./context-reader.ts')).createContextReader(settings, clients, time),
  )
  const sealer = memo(async () => (await import('./create-sealer.ts')).createSealer(settings, clients, time))
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
      warning: warnings.get(sink.name),
      check: async (signal: AbortSignal) =>
        (await sink.check(signal)) ?? (await refusalOf(sink.name, redeliverDeps.outbox)),
    }))
    return healthChecks([...sinks, archive], time)
  })

  return {
    async start() {
      for (const [sink, warning] of warnings) log('warning', `The destination ${sink}: ${warning}.`)
      // What fails is tried again by whoever needs it, and reported there.
      await Promise.allSettled([parts(), telemetry.to(log), firstTokens(settings, clients)])
    },
    async ingest(batch, retryCount, write) {
      const { ingestDeps, keepWithoutPosition } = await parts()
      const deps = {
        ...ingestDeps,
        keepWithoutPosition,
        telemetry: await telemetry.to(write),
        ...(contextRequests === undefined ? {} : { onSettled: contextRequests.ofEvents }),
      }
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
      const to = await telemetry.to(log)
      await Promise.all([sweep({ ...redeliverDeps, telemetry: to }), contextRequests?.wakeUpIfDue()])
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
          await knownProgram(),
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
    async readContexts(write) {
      if (contextRequests === undefined) return
      const to = await telemetry.to(write)
      const end = inFlight.begin()
      // When the process is asked to end, what is being read is left to the next.
      await readContextsNow(contextReader, to, inFlight.deliveryTime(time)).finally(end)
    },
    async seal(write) {
      if (!settings.evidence.seals) return
      const to = await telemetry.to(write)
      try {
        const run = await sealer()
        to.sealed(
          await run({
            onProblem: (problem, cause) => to.problem(problem, cause),
            failpoint: world.failpoint,
            newId,
          }),
        )
      } catch (error) {
        to.problem('sealFailed', error)
        throw error
      }
    },
    health: () => checks().then((run) => run(), healthUnknown),
    programSha256: knownProgram,
    async stop() {
      await inFlight.stop(STOP_GRACE_MS, time)
      await telemetry.flush()
    },
    async keepPoison(message) {
      await keepPoisonMessage(await clients.container('deadletters'), message, time, newId)
    },
  }
}
