import { setTimeout as wait } from 'node:timers/promises'
import type { PhaseKind } from './load-plan.ts'
import { residentMb } from './resident-memory.ts'

/** A phase of the run, before its arrivals are known. */
export interface Phase {
  readonly kind: PhaseKind
  readonly fromMs: number
  readonly toMs: number
  /** Maximum of samples taken every second. */
  readonly peakRssMb: number
  /** Live memory at its end. */
  readonly liveMb: number
}

export interface Observed {
  readonly hostPid: number
  readonly nowMs: () => number
  readonly liveMb: () => Promise<number>
}

const SAMPLE_EVERY_MS = 1000

/** Observes the host's memory during some work. */
export async function observe(
  kind: PhaseKind,
  { hostPid, nowMs, liveMb }: Observed,
  work: () => Promise<void>,
): Promise<Phase> {
  const over = new AbortController()
  let peakRssMb = 0
  const sampling = (async () => {
    while (!over.signal.aborted) {
      peakRssMb = Math.max(peakRssMb, await residentMb(hostPid))
      await wait(SAMPLE_EVERY_MS, undefined, { signal: over.signal }).catch(() => undefined)
    }
  })()
  const fromMs = nowMs()
  try {
    await work()
  } finally {
    over.abort()
  }
  const toMs = nowMs()
  await sampling
  return { kind, fromMs, toMs, peakRssMb, liveMb: await liveMb() }
}
