import type { QueueClient } from '@azure/storage-queue'
import { DurabilityError } from '../../domain/durability-error.ts'
import type { Time } from '../../domain/time.ts'
import type { OutboxPartition, WakeUps } from './outbox.ts'

/** Queue whose messages name an outbox partition. */
export const WAKE_UP_QUEUE = 'outbox-wake-up'
/** The sweep makes up for a wake-up that a silent service swallows. */
const SEND_TIMEOUT_MS = 5000
/** Longest delay that a queue message may have: 7 days. */
const MAX_DELAY_SECONDS = 7 * 24 * 3600

/**
 * The text of a wake-up. Its one field must not be named like a field of the queue trigger's
 * metadata (`id`, `dequeueCount`…), which it would overwrite.
 */
export const wakeUpText = (outboxPartition: OutboxPartition): string => JSON.stringify({ outboxPartition })

/**
 * A wake-up on a storage queue. Its messages are plain text, as `messageEncoding` of host.json
 * says: with the default (Base64) the host would hand nothing that is not Base64 to any function,
 * and such a message would come back to the poison queue for ever. A wake-up that is lost loses
 * nothing: the sweep sends another.
 */
export const wakeUpQueue = (queue: QueueClient, time: Pick<Time, 'timeout'>): WakeUps => ({
  async send(outboxPartition, delayMs) {
    try {
      await queue.sendMessage(wakeUpText(outboxPartition), {
        visibilityTimeout: Math.min(MAX_DELAY_SECONDS, Math.ceil(delayMs / 1000)),
        messageTimeToLive: -1,
        abortSignal: time.timeout(SEND_TIMEOUT_MS),
      })
    } catch (error) {
      throw new DurabilityError('Sending a wake-up', error)
    }
  },
})
