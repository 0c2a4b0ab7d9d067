import type { Time } from '../../domain/time.ts'
import type { Doorbell, OutboxPage } from './outbox.ts'

export interface MergeLimits {
  /** From one ring of a page to the next, in milliseconds. */
  readonly intervalMs: number
  /** Pages remembered; for one that is forgotten the next ring sounds at once. */
  readonly maxPages: number
}

export const MERGE_LIMITS: MergeLimits = { intervalMs: 1000, maxPages: 1000 }

/** The latest ring of a page. */
interface Rung {
  readonly soundsAtMs: number
  readonly put: Promise<void>
}

const keyOf = ({ sink, namespace, hub, partition }: OutboxPage): string =>
  [sink, namespace, hub, partition].join('\n')

/**
 * A doorbell for whoever writes debt after debt: one ring a page and second. The first sounds at once; those that follow within the second
 * share one that sounds at its end. When `ring` has resolved, a ring is under way that nobody answers before the call, so a debt written
 * before it is seen. Rings that are to be delayed go through as they are.
 */
export function mergedDoorbell(
  doorbell: Doorbell,
  time: Pick<Time, 'monotonicMs'>,
  { intervalMs, maxPages }: MergeLimits = MERGE_LIMITS,
): Doorbell {
  const latest = new Map<string, Rung>()

  function ringIn(page: OutboxPage, key: string, nowMs: number, delayMs: number): Promise<void> {
    const put = doorbell.ring(page, delayMs)
    const rung: Rung = { soundsAtMs: nowMs + delayMs, put }
    latest.delete(key)
    latest.set(key, rung)
    const [oldest] = latest.keys()
    if (latest.size > maxPages && oldest !== undefined) latest.delete(oldest)
    // A ring that was not put is none that others could share.
    put.catch(() => latest.get(key) === rung && latest.delete(key))
    return put
  }

  return {
    ring(page, delayMs) {
      if (delayMs > 0) return doorbell.ring(page, delayMs)
      const key = keyOf(page)
      const nowMs = time.monotonicMs()
      const rung = latest.get(key)
      const aheadMs = rung === undefined ? Number.NEGATIVE_INFINITY : rung.soundsAtMs - nowMs
      if (rung !== undefined && aheadMs > 0) return rung.put
      return ringIn(page, key, nowMs, Math.max(0, aheadMs + intervalMs))
    },
  }
}
