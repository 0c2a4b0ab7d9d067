import { connectionString, resolveSettings } from '../app-settings.ts'
import type { RegisteredFunction } from '../core/core-api.ts'
import { parseThrown } from '../core/parse-thrown.ts'
import type { HostContext } from '../host-context.ts'
import type { NextOccurrence } from '../host-time.ts'
import { createInFlight, type Listener } from '../listener.ts'
import type { Trigger } from '../parse-trigger.ts'
import { type TimerStatus, timerInput } from './timer-input.ts'
import { blobTimerStatusStore } from './timer-status-store.ts'

type TimerTrigger = Extract<Trigger, { readonly type: 'timer' }>

/**
 * Timers that fire more often are not monitored, since their status would be written constantly.
 */
const MIN_MONITORED_INTERVAL_MS = 60_000

/**
 * Invokes a function by its schedule, one run at a time. A monitored timer (interval of a minute or
 * more, `useMonitor` not off) that missed an occurrence while no host ran fires at once, past due.
 * Unlike in Azure, there is no lock: concurrent hosts all fire. Source: TimerListener in
 * https://github.com/Azure/azure-webjobs-sdk-extensions
 */
export async function startTimerListener(
  context: HostContext,
  registered: RegisteredFunction,
  trigger: TimerTrigger,
): Promise<Listener> {
  const { name } = registered.metadata
  const usedBy = `The function "${name}"`
  const expression = resolveSettings(trigger.schedule, context.settings, usedBy)
  const next = scheduleOf(context, expression, usedBy)
  const { nowMs, sleep } = context.time
  const stopping = new AbortController()
  const closing = new AbortController()
  const inFlight = createInFlight()
  const monitored = trigger.useMonitor && intervalMs(next, nowMs()) >= MIN_MONITORED_INTERVAL_MS
  const store = monitored
    ? blobTimerStatusStore(connectionString(context.settings, undefined, usedBy), closing.signal)
    : undefined
  const stored = await store?.read(name)
  const missed = stored !== undefined && expectedNext(next, stored) < nowMs()
  let status: TimerStatus = stored ?? { lastMs: 0, nextMs: after(next, nowMs()), lastUpdatedMs: 0 }

  async function fire(atMs: number, isPastDue: boolean): Promise<void> {
    await context.invoke(registered, timerInput(monitored ? status : undefined, isPastDue))
    status = { lastMs: atMs, nextMs: after(next, atMs), lastUpdatedMs: atMs }
    try {
      await store?.write(name, status)
    } catch (thrown) {
      const message = `The status of the timer could not be kept. ${parseThrown(thrown).message}`
      context.log({ level: 'warning', category: 'host', message, functionName: name })
    }
  }
  async function run(): Promise<void> {
    if (missed || trigger.runOnStartup) await inFlight.run(() => fire(nowMs(), missed))
    while (!stopping.signal.aborted) {
      const dueMs = after(next, Math.max(status.lastMs, nowMs()))
      await sleep(dueMs - nowMs(), stopping.signal)
      if (stopping.signal.aborted) return
      await inFlight.run(() => fire(Math.max(nowMs(), dueMs), false))
    }
  }
  const running = run()
  return {
    async stop() {
      stopping.abort()
      await running
    },
    async close() {
      closing.abort()
    },
  }
}

function scheduleOf(context: HostContext, expression: string, usedBy: string): NextOccurrence {
  const next = context.readSchedule(expression)
  if (next !== undefined) return next
  throw new Error(`${usedBy} has the schedule "${expression}", which is not an NCRONTAB expression.`)
}

/** The next occurrence; never for a schedule without one. */
function after(next: NextOccurrence, atMs: number): number {
  return next(atMs) ?? Number.MAX_SAFE_INTEGER
}

function intervalMs(next: NextOccurrence, atMs: number): number {
  const firstMs = after(next, atMs)
  return after(next, firstMs) - firstMs
}

/**
 * When the timer should have fired next: by the current schedule, counted from when the status was
 * written.
 */
function expectedNext(next: NextOccurrence, status: TimerStatus): number {
  return status.lastUpdatedMs === 0 ? status.nextMs : after(next, status.lastUpdatedMs)
}
