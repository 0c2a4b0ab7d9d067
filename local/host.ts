import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { FAILPOINT_HANDLER } from '../shared/composition/failpoint-handler.ts'
import { clockAhead, readClockAhead } from './checks/chaos/clock-ahead.ts'
import { dieAtStep, readCrashAt } from './checks/chaos/crash-at.ts'
import { startFunctionHost } from './emulators/functions-host/function-host.ts'
import type { HostMessage } from './stack/host-message.ts'
import { packageRoot } from './stack/package-root.ts'
import { readSchedule } from './stack/timer-schedule.ts'

const sendToParent = (message: HostMessage): void => {
  // The parent may disconnect while this is sent: then nobody is listening, and running work
  // continues.
  if (process.connected) process.send?.(message, () => undefined)
}

const present = Object.fromEntries(
  Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
)

/** Makes this process die as in a machine failure, after the failpoint in CRASH_AT. */
function arrangeCrash(setting: string): void {
  const die = (): void => {
    process.kill(process.pid, 'SIGKILL')
  }
  Object.defineProperty(globalThis, FAILPOINT_HANDLER, { value: dieAtStep(readCrashAt(setting), die) })
}

/** Sets the clock of the program in this process wrong for a while, but not the host's. */
function setClock(setting: string, nowMs: () => number): void {
  Date.now = clockAhead(readClockAhead(setting), nowMs, () => performance.now())
}

/**
 * The function host as a process: tells its parent when it is ready, and ends when its parent
 * disconnects.
 */
async function main(): Promise<void> {
  const crashAt = present['CRASH_AT']
  if (crashAt !== undefined) arrangeCrash(crashAt)
  const { now: nowMs } = Date
  const ahead = present['CLOCK_AHEAD']
  if (ahead !== undefined) setClock(ahead, nowMs)
  const host = await startFunctionHost({
    appDirectory: packageRoot(dirname(fileURLToPath(import.meta.url))) ?? process.cwd(),
    environment: present,
    nowMs,
    readSchedule,
    log: (line) => sendToParent({ kind: 'log', line }),
  })
  sendToParent({
    kind: 'ready',
    functions: host.functions.map((f) => f.name),
    httpUrl: host.httpUrl ?? '',
    functionKey: host.functionKey,
  })
  const stop = (): void => {
    void host.stop().finally(() => process.exit(0))
  }
  process.once('disconnect', stop)
  process.once('SIGTERM', stop)
}

main().catch((error: unknown) => {
  sendToParent({ kind: 'failed', message: error instanceof Error ? error.message : String(error) })
  process.exit(1)
})
