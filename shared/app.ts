import { randomUUID } from 'node:crypto'
import type { HttpResponseInit, InvocationContext, Timer } from '@azure/functions'
import type { World } from './composition/create-app.ts'
import { failpointHandler } from './composition/failpoint-handler.ts'
import { limitHeapGrowth } from './composition/limit-heap-growth.ts'
import { systemTime } from './composition/system-time.ts'
import { readSettings } from './config/parse-settings.ts'
import { parseWakeUp } from './delivery/outbox/parse-wake-up.ts'
import { WAKE_UP_QUEUE } from './delivery/outbox/wake-up-queue.ts'
import { VERSION } from './domain/version.ts'
import { CONTEXT_QUEUE } from './graph/context-requests/context-queue.ts'
import { memo } from './pipeline/memo.ts'
import { parseAzureTime } from './source/parse-azure-time.ts'
import { parseTrigger } from './source/parse-trigger.ts'
import { consoleLine } from './telemetry/console-line.ts'
import type { LogLevel, WriteLog } from './telemetry/log-telemetry.ts'

const METHOD = { information: 'info', warning: 'warn', error: 'error' } as const

/** The log of one invocation: its lines carry the invocation's id. */
const logOf =
  (context: InvocationContext): WriteLog =>
  (level: LogLevel, line: string) =>
    context[METHOD[level]](line)

limitHeapGrowth('loaded')
// A bad setting throws here, while the host loads the app: it fails loudly and at once, not event
// by event.
export const settings = readSettings(process.env)

const world: World = {
  settings,
  log: (level, line) => console[METHOD[level]](consoleLine(level, line)),
  time: systemTime,
  newId: randomUUID,
  failpoint: failpointHandler(),
}
// All but the settings is loaded once the host knows the functions.
const app = memo(async () => (await import('./composition/create-app.ts')).createApp(world))

export { CONTEXT_QUEUE, WAKE_UP_QUEUE }
export const POISON_QUEUE = `${WAKE_UP_QUEUE}-poison`

/**
 * Event Hub trigger: one partition's messages. Throws to make the host hold the checkpoint and run
 * the batch again.
 */
export const ingest = async (bodies: unknown, context: InvocationContext): Promise<void> =>
  (await app()).ingest(
    parseTrigger(bodies, context.triggerMetadata),
    context.retryContext?.retryCount ?? 0,
    logOf(context),
  )

/** Queue trigger: redelivers what is pending on the outbox partition that the message names. */
export async function redeliver(wakeUp: unknown, context: InvocationContext): Promise<void> {
  limitHeapGrowth('redelivering')
  return (await app()).redeliver(parseWakeUp(wakeUp), logOf(context))
}

/** Timer trigger: sends wake-ups for outbox partitions that nobody holds. */
export const sweep = async (): Promise<void> => (await app()).sweep()

/** Timer trigger: sends a sign of life to the hub. */
export async function heartbeat({ scheduleStatus }: Timer): Promise<void> {
  // A timer that never fired says so with a date of the year 1; of one that fires more than once a
  // minute the host keeps no status: `null`.
  const lastMs = parseAzureTime(scheduleStatus?.last ?? '')
  return (await app()).heartbeat(lastMs !== undefined && lastMs > 0 ? lastMs : undefined)
}

/** Timer trigger: compares the stream with Microsoft Graph. */
export const reconcile = async (_: Timer, context: InvocationContext): Promise<void> =>
  (await app()).reconcile(logOf(context))

/** Queue trigger: reads the contexts that were requested. */
export const context = async (_: unknown, invocation: InvocationContext): Promise<void> =>
  (await app()).readContexts(logOf(invocation))

/** Timer trigger: adds new archive blobs to the log. */
export const seal = async (_: Timer, context: InvocationContext): Promise<void> =>
  (await app()).seal(logOf(context))

/**
 * Queue trigger of the poison queue: keeps the message verbatim, and does nothing else that can
 * fail.
 */
export const poison = async (message: Uint8Array): Promise<void> => (await app()).keepPoison(message)

/** HTTP trigger: 200 when every sink and the archive answer, 503 when one does not. */
export async function health(): Promise<HttpResponseInit> {
  const running = await app()
  const [checks, programSha256] = await Promise.all([running.health(), running.programSha256()])
  const healthy = checks.every((c) => c.healthy)
  return {
    status: healthy ? 200 : 503,
    headers: { 'cache-control': 'no-store' },
    jsonBody: { status: healthy ? 'healthy' : 'unhealthy', version: VERSION, programSha256, checks },
  }
}

/**
 * Hook: the app is loaded. The worker first tells the host so, and waits for nothing that begins
 * here.
 */
export function start(): void {
  setImmediate(() => void app().then((running) => running.start()))
}

/** Hook: the worker is about to end. */
export const stop = async (): Promise<void> => (await app()).stop()
