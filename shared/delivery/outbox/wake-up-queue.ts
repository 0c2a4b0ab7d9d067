import type { QueueClient } from '@azure/storage-queue'
import { sendText } from '../../azure/send-text.ts'
import { DurabilityError } from '../../domain/durability-error.ts'
import type { Time } from '../../domain/time.ts'
import type { OutboxPartition, WakeUps } from './outbox.ts'

/** Queue whose messages name an outbox partition. */
export const WAKE_UP_QUEUE = 'outbox-wake-up'

/**
 * The text of a wake-up. Its field must not share a name with the queue trigger's metadata (`id`,
 * `dequeueCount`…), which it would overwrite.
 */
export const wakeUpText = (outboxPartition: OutboxPartition): string => JSON.stringify({ outboxPartition })

/** Wake-ups on a storage queue. A lost wake-up loses nothing: the sweep sends another. */
export const wakeUpQueue = (queue: QueueClient, time: Pick<Time, 'limit'>): WakeUps => ({
  async send(outboxPartition, delayMs) {
    try {
      await sendText(queue, wakeUpText(outboxPartition), delayMs, time)
    } catch (error) {
      throw new DurabilityError('Sending a wake-up', error)
    }
  },
})
