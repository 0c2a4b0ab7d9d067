import type { ChildProcess } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'

const GRACE_MS = 3_000

/** Settles when the process has ended, or could not be started. */
export function childExit(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
}

/** Ends a child by closing its standard input; kills it after three seconds. */
export async function endChild(child: ChildProcess, exited: Promise<void>): Promise<void> {
  child.stdin?.end()
  const cancelGrace = new AbortController()
  const grace = sleep(GRACE_MS, 'late' as const, { signal: cancelGrace.signal }).catch(
    () => 'cancelled' as const,
  )
  const outcome = await Promise.race([exited.then(() => 'ended' as const), grace])
  cancelGrace.abort()
  if (outcome !== 'late') return
  child.kill('SIGKILL')
  await exited
}
