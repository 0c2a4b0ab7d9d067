import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { childExit } from './child-exit.ts'

/** A frozen process; `release` resumes it. */
export interface FreezeHold {
  release(): Promise<void>
}

/**
 * Stops a process (SIGSTOP) until `release`, or until our process ends.
 *
 * A frozen process cannot notice that its parent has ended, and only the parent would have resumed
 * it. So a shell reads a pipe from us and sends SIGCONT when it closes, for whatever reason.
 */
export async function freezeProcess(pid: number): Promise<FreezeHold> {
  const watchdog: ChildProcess = spawn('/bin/sh', ['-c', 'cat; kill -CONT "$0"', String(pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  const released = childExit(watchdog)
  await once(watchdog, 'spawn')
  watchdog.unref()
  process.kill(pid, 'SIGSTOP')
  return {
    release: async () => {
      watchdog.ref()
      watchdog.stdin?.end()
      await released
    },
  }
}
