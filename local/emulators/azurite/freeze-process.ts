import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { childExit } from './child-exit.ts'

/** A frozen process; `release` lets it run again. */
export interface FreezeHold {
  release(): Promise<void>
}

/**
 * Stops a process (SIGSTOP) until `release`, or until our own process ends.
 *
 * A frozen process cannot see that its parent is gone, and only the parent would have woken it: so
 * a shell that waits on a pipe from us holds the freeze. When the pipe closes, for whatever reason,
 * it sends SIGCONT.
 */
export async function freezeProcess(pid: number): Promise<FreezeHold> {
  const keeper: ChildProcess = spawn('/bin/sh', ['-c', 'cat; kill -CONT "$0"', String(pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  const released = childExit(keeper)
  await once(keeper, 'spawn')
  keeper.unref()
  process.kill(pid, 'SIGSTOP')
  return {
    release: async () => {
      keeper.ref()
      keeper.stdin?.end()
      await released
    },
  }
}
