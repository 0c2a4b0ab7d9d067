import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { LoadOptions } from './app/load-app.ts'
import { parseThrown } from './core/parse-thrown.ts'
import { startEventHubListener } from './event-hub/event-hub-listener.ts'
import { type FunctionApp, loadFunctionApp } from './function-app.ts'
import type { HostContext, HostTuning } from './host-context.ts'
import { endsWithin, type HostTime, type ReadSchedule, realSleep } from './host-time.ts'
import { LOCAL_TUNING } from './host-tuning.ts'
import { type HttpFunction, type HttpListener, startHttpListener } from './http/http-listener.ts'
import type { Listener } from './listener.ts'
import { parseHostJson } from './parse-host-json.ts'
import { startQueueListener } from './queue/queue-listener.ts'
import { startTimerListener } from './timer/timer-listener.ts'

export interface FunctionHostOptions extends LoadOptions {
  readonly nowMs: () => number
  /** For the app's timers. */
  readonly readSchedule: ReadSchedule
  /** Default: real timers. */
  readonly sleep?: HostTime['sleep']
  /** In [0, 1), default `Math.random`; spreads retries. */
  readonly random?: () => number
  /** Default: a free port. */
  readonly httpPort?: number
  /** Default: 32 random bytes. */
  readonly functionKey?: string
  readonly tuning?: Partial<HostTuning>
}

/** A running app, with active triggers. */
export interface FunctionHost extends Omit<FunctionApp, 'core' | 'run' | 'encodeEventHub' | 'terminate'> {
  /**
   * Base URL of HTTP functions, such as `http://127.0.0.1:7071/api`; undefined if there are none.
   */
  readonly httpUrl: string | undefined
  /** Key for HTTP functions that are not anonymous, sent as `x-functions-key` or `?code=`. */
  readonly functionKey: string
  /**
   * Stops all triggers, waits up to `graceMs` (default 10,000) for running invocations, runs the
   * `appTerminate` hooks and closes all connections. Batches that end meanwhile do not move their
   * checkpoint. Idempotent.
   */
  stop(options?: { readonly graceMs?: number }): Promise<void>
}

const DEFAULT_GRACE_MS = 10_000
const CLOSE_TIMEOUT_MS = 2_000

/**
 * Runs a built Functions app on this machine: functions are registered by the real library
 * `@azure/functions` and triggered by the official clients, under the rules of the Functions host.
 * Needs `host.json` beside `package.json`, and the connection strings that triggers name, including
 * `AzureWebJobsStorage`, in the settings. Hosts may run one after another in a process; of
 * concurrent ones, the last one's settings are in `process.env`.
 */
export async function startFunctionHost(options: FunctionHostOptions): Promise<FunctionHost> {
  const hostJson = await readFile(join(options.appDirectory, 'host.json'), 'utf8')
  const config = parseHostJson(hostJson, options.environment)
  const app = await loadFunctionApp(options)
  const functionKey = options.functionKey ?? randomBytes(32).toString('base64url')
  const context: HostContext = {
    core: app.core,
    config,
    settings: options.environment,
    tuning: { ...LOCAL_TUNING, ...options.tuning },
    time: { nowMs: options.nowMs, sleep: options.sleep ?? realSleep },
    readSchedule: options.readSchedule,
    random: options.random ?? Math.random,
    log: options.log,
    invoke: app.run,
  }
  const listeners: Listener[] = []
  const stop = async (graceMs: number) => {
    await settle(
      context,
      'stop',
      listeners.map((listener) => listener.stop()),
      graceMs,
    )
    await app.terminate()
    await settle(
      context,
      'close',
      listeners.map((listener) => listener.close()),
      CLOSE_TIMEOUT_MS,
    )
  }
  try {
    const http = await startListeners(context, app, functionKey, options.httpPort ?? 0, listeners)
    let stopped: Promise<void> | undefined
    return {
      functions: app.functions,
      invoke: app.invoke,
      invokeEventHub: app.invokeEventHub,
      invokeQueue: app.invokeQueue,
      httpUrl: http?.url,
      functionKey,
      stop: ({ graceMs = DEFAULT_GRACE_MS } = {}) => {
        stopped ??= stop(graceMs)
        return stopped
      },
    }
  } catch (thrown) {
    await stop(0)
    throw thrown
  }
}

/**
 * Fills `listeners` one by one, so that those already started can be stopped if a later one fails.
 */
async function startListeners(
  context: HostContext,
  app: FunctionApp,
  functionKey: string,
  httpPort: number,
  listeners: Listener[],
): Promise<HttpListener | undefined> {
  const httpFunctions: HttpFunction[] = []
  for (const { name, trigger } of app.functions) {
    const registered = app.core.functions.get(name)
    if (registered === undefined) continue
    switch (trigger.type) {
      case 'eventHub':
        listeners.push(await startEventHubListener(context, registered, trigger))
        break
      case 'queue':
        listeners.push(startQueueListener(context, registered, trigger))
        break
      case 'timer':
        listeners.push(await startTimerListener(context, registered, trigger))
        break
      case 'http':
        httpFunctions.push({ registered, trigger })
        break
    }
  }
  if (httpFunctions.length === 0) return undefined
  const http = await startHttpListener(context, httpFunctions, functionKey, httpPort)
  listeners.push(http)
  return http
}

async function settle(
  context: HostContext,
  what: string,
  parts: readonly Promise<void>[],
  timeoutMs: number,
) {
  const warn = (message: string) => context.log({ level: 'warning', category: 'host', message })
  const guarded = parts.map((part) =>
    part.catch((thrown) => warn(`A trigger did not ${what} cleanly. ${parseThrown(thrown).message}`)),
  )
  const ended = await endsWithin(
    Promise.all(guarded).then(() => undefined),
    timeoutMs,
  )
  if (!ended) warn(`Not all triggers could ${what} within ${timeoutMs} ms; what is left is given up.`)
}
