import type { Time } from '../../domain/time.ts'
import type { OutboxPartition, WakeUps } from './outbox.ts'

export interface MergeLimits {
  /** From one wake-up of an outbox partition to the next, in milliseconds. */
  readonly intervalMs: number
  /** Pages remembered; for one that is forgotten the next wake-up sounds at once. */
  readonly maxPages: number
}

export const MERGE_LIMITS: MergeLimits = { intervalMs: 1000, maxPages: 1000 }

/** The latest wake-up of an outbox partition. */
interface Rung {
  readonly soundsAtMs: number
  readonly put: Promise<void>
}

const keyOf = ({ sink, namespace, hub, partition }: OutboxPartition): string =>
  [sink, namespace, hub, partition].join('\n')

/**
 * A wake-up for whoever writes pending delivery after pending delivery: one wake-up an outbox partition and second. The first sounds at once; those that follow within the second
 * share one that sounds at its end. When `wake-up` has resolved, a wake-up is under way that nobody answers before the call, so a pending delivery written
 * before it is seen. Rings that are to be delayed go through as they are.
 */
export function mergedWakeUps(
  wakeUps: WakeUps,
  time: Pick<Time, 'monotonicMs'>,
  { intervalMs, maxPages }: MergeLimits = MERGE_LIMITS,
): WakeUps {
  const latest = new Map<string, Rung>()

  function ringIn(
    outboxPartition: OutboxPartition,
    key: string,
    nowMs: number,
    delayMs: number,
  ): Promise<void> {
    const put = wakeUps.send(outboxPartition, delayMs)
    const wakeUpSent: Rung = { soundsAtMs: nowMs + delayMs, put }
    latest.delete(key)
    latest.set(key, wakeUpSent)
    const [oldest] = latest.keys()
    if (latest.size > maxPages && oldest !== undefined) latest.delete(oldest)
    // A wake-up that was not put is none that others could share.
    put.catch(() => latest.get(key) === wakeUpSent && latest.delete(key))
    return put
  }

  return {
    send(outboxPartition, delayMs) {
      if (delayMs > 0) return wakeUps.send(outboxPartition, delayMs)
      const key = keyOf(outboxPartition)
      const nowMs = time.monotonicMs()
      const wakeUpSent = latest.get(key)
      const aheadMs = wakeUpSent === undefined ? Number.NEGATIVE_INFINITY : wakeUpSent.soundsAtMs - nowMs
      if (wakeUpSent !== undefined && aheadMs > 0) return wakeUpSent.put
      return ringIn(outboxPartition, key, nowMs, Math.max(0, aheadMs + intervalMs))
    },
  }
}
