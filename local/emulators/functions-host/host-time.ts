import { setTimeout as sleep } from 'node:timers/promises'

/** The host's clock. */
export interface HostTime {
  /** Milliseconds since 1970 UTC. */
  readonly nowMs: () => number
  /** Resolves after `delayMs`, or as soon as the signal is aborted; never rejects. */
  readonly sleep: (delayMs: number, signal: AbortSignal) => Promise<void>
}

/** The next instant of a schedule after another, in milliseconds; `undefined` if there is none. */
export type NextOccurrence = (afterMs: number) => number | undefined

/** Reads an NCRONTAB expression; `undefined` if it is none. */
export type ReadSchedule = (expression: string) => NextOccurrence | undefined

/** `setTimeout` fires at once beyond this many milliseconds. */
const MAX_TIMER_MS = 2 ** 31 - 1

/** Sleeps by real timers, for any length; 0 ms yields to all pending work. */
export async function realSleep(delayMs: number, signal: AbortSignal): Promise<void> {
  let leftMs = delayMs
  do {
    const stepMs = Math.min(Math.max(leftMs, 0), MAX_TIMER_MS)
    await sleep(stepMs, undefined, { signal }).catch(() => undefined)
    leftMs -= stepMs
  } while (leftMs > 0 && !signal.aborted)
}

/** Whether the work ends within the time; if not, it continues. */
export async function endsWithin(work: Promise<void>, timeoutMs: number): Promise<boolean> {
  const cancel = new AbortController()
  const late = realSleep(timeoutMs, cancel.signal).then(() => false)
  try {
    return await Promise.race([work.then(() => true), late])
  } finally {
    cancel.abort()
  }
}
