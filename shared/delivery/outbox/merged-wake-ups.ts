import type { Time } from '../../domain/time.ts'
import type { OutboxPartition, WakeUps } from './outbox.ts'

export interface MergeLimits {
  /** Milliseconds between two wake-ups of one outbox partition. */
  readonly intervalMs: number
  /** Outbox partitions remembered; a forgotten one is woken up at once the next time. */
  readonly maxPartitions: number
}

export const MERGE_LIMITS: MergeLimits = { intervalMs: 1000, maxPartitions: 1000 }

/** The latest wake-up of an outbox partition. */
interface Latest {
  readonly dueAtMs: number
  readonly sending: Promise<void>
}

const keyOf = ({ sink, namespace, hub, partition }: OutboxPartition): string =>
  [sink, namespace, hub, partition].join('\n')

/**
 * Merges wake-ups to one per outbox partition and interval: the first is sent at once, those that
 * follow share one at the interval's end. Once `send` resolves, a wake-up is under way that no
 * drain has picked up yet, so rows written before the call are seen. Delayed wake-ups are not
 * merged.
 */
export function mergedWakeUps(
  wakeUps: WakeUps,
  time: Pick<Time, 'monotonicMs'>,
  { intervalMs, maxPartitions }: MergeLimits = MERGE_LIMITS,
): WakeUps {
  const latest = new Map<string, Latest>()

  function sendIn(
    outboxPartition: OutboxPartition,
    key: string,
    nowMs: number,
    delayMs: number,
  ): Promise<void> {
    const sending = wakeUps.send(outboxPartition, delayMs)
    const sent: Latest = { dueAtMs: nowMs + delayMs, sending }
    latest.delete(key)
    latest.set(key, sent)
    const [oldest] = latest.keys()
    if (latest.size > maxPartitions && oldest !== undefined) latest.delete(oldest)
    // A wake-up that failed must not be shared.
    sending.catch(() => latest.get(key) === sent && latest.delete(key))
    return sending
  }

  return {
    send(outboxPartition, delayMs) {
      if (delayMs > 0) return wakeUps.send(outboxPartition, delayMs)
      const key = keyOf(outboxPartition)
      const nowMs = time.monotonicMs()
      const sent = latest.get(key)
      const aheadMs = sent === undefined ? Number.NEGATIVE_INFINITY : sent.dueAtMs - nowMs
      if (sent !== undefined && aheadMs > 0) return sent.sending
      return sendIn(outboxPartition, key, nowMs, Math.max(0, aheadMs + intervalMs))
    },
  }
}
