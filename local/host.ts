import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { FAILPOINT_HANDLER } from '../shared/composition/failpoint-handler.ts'
import { clockAhead, readClockAhead } from './checks/chaos/clock-ahead.ts'
import { dieAtStep, readCrashAt } from './checks/chaos/crash-at.ts'
import { startFunctionHost } from './emulators/functions-host/function-host.ts'
import type { HostMessage } from './stack/host-message.ts'
import { packageRoot } from './stack/package-root.ts'

const tell = (news: HostMessage): void => {
  // The parent may let go at the very moment of sending: then there is nobody to tell, and what is
  // under way goes on to its end.
  if (process.connected) process.send?.(news, () => undefined)
}

const present = Object.fromEntries(
  Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
)

/** Has this process die as a machine does, after the failpoint that CRASH_AT names. */
function arrangeCrash(setting: string): void {
  const die = (): void => {
    process.kill(process.pid, 'SIGKILL')
  }
  Object.defineProperty(globalThis, FAILPOINT_HANDLER, { value: dieAtStep(readCrashAt(setting), die) })
}

/** Has the program in this process, not the host around it, believe in another time for a while. */
function setClock(setting: string, nowMs: () => number): void {
  Date.now = clockAhead(readClockAhead(setting), nowMs, () => performance.now())
}

/**
 * The function host as a process: it tells its parent when it is ready, and ends when its parent
 * lets go of it.
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
    log: (line) => tell({ kind: 'log', line }),
  })
  tell({
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
  tell({ kind: 'failed', message: error instanceof Error ? error.message : String(error) })
  process.exit(1)
})
