import type { Time } from '../../domain/time.ts'
import type { OutboxPartition, WakeUps } from './outbox.ts'

export interface MergeLimits {
  /** From one wake-up of an outbox partition to the next, in milliseconds. */
  readonly intervalMs: number
  /** Outbox partitions remembered; the next wake-up of one that is forgotten is due at once. */
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
 * Wake-ups for whoever writes row after row: one an outbox partition and second. The first is due
 * at once; those that follow within the second share one that is due at its end. When `send` has
 * resolved, a wake-up is under way that nobody has answered yet, so that rows written before the
 * call are seen. Those that are to be delayed are sent as they are.
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
    // One that was not sent is none that others could share.
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
