import { setTimeout as sleep } from 'node:timers/promises'

/** The clock that the host runs by. */
export interface HostTime {
  /** Milliseconds since 1970 UTC. */
  readonly nowMs: () => number
  /** Resolves after `delayMs`, or as soon as the signal is aborted; never rejects. */
  readonly sleep: (delayMs: number, signal: AbortSignal) => Promise<void>
}

/** `setTimeout` fires at once beyond this many milliseconds. */
const MAX_TIMER_MS = 2 ** 31 - 1

/** A sleep by real timers, of any length; one of 0 ms lets everything else have its turn first. */
export async function realSleep(delayMs: number, signal: AbortSignal): Promise<void> {
  let leftMs = delayMs
  do {
    const stepMs = Math.min(Math.max(leftMs, 0), MAX_TIMER_MS)
    await sleep(stepMs, undefined, { signal }).catch(() => undefined)
    leftMs -= stepMs
  } while (leftMs > 0 && !signal.aborted)
}

/** Whether the work ended within the time; the work itself goes on if it did not. */
export async function endsWithin(work: Promise<void>, timeoutMs: number): Promise<boolean> {
  const cancel = new AbortController()
  const late = realSleep(timeoutMs, cancel.signal).then(() => false)
  try {
    return await Promise.race([work.then(() => true), late])
  } finally {
    cancel.abort()
  }
}
