import type { QueueClient } from '@azure/storage-queue'
import { DurabilityError } from '../../domain/durability-error.ts'
import type { Time } from '../../domain/time.ts'
import type { OutboxPartition, WakeUps } from './outbox.ts'

/** Queue whose messages name an outbox partition. */
export const WAKE_UP_QUEUE = 'outbox-wake-up'
/** A wake-up lost to a silent service is made up for by the sweep. */
const SEND_TIMEOUT_MS = 5000
/** Longest delay of a queue message: 7 days. */
const MAX_DELAY_SECONDS = 7 * 24 * 3600

/**
 * The text of a wake-up. Its field must not share a name with the queue trigger's metadata (`id`,
 * `dequeueCount`…), which it would overwrite.
 */
export const wakeUpText = (outboxPartition: OutboxPartition): string => JSON.stringify({ outboxPartition })

/**
 * Wake-ups on a storage queue, as plain text, like `messageEncoding` in host.json: with the default
 * (Base64) the host would pass no other message to any function, and such a message would return to
 * the poison queue for ever. A lost wake-up loses nothing: the sweep sends another.
 */
export const wakeUpQueue = (queue: QueueClient, time: Pick<Time, 'limit'>): WakeUps => ({
  async send(outboxPartition, delayMs) {
    const limit = time.limit(SEND_TIMEOUT_MS)
    try {
      await queue.sendMessage(wakeUpText(outboxPartition), {
        visibilityTimeout: Math.min(MAX_DELAY_SECONDS, Math.ceil(delayMs / 1000)),
        messageTimeToLive: -1,
        abortSignal: limit.signal,
      })
    } catch (error) {
      throw new DurabilityError('Sending a wake-up', error)
    } finally {
      limit.end()
    }
  },
})
