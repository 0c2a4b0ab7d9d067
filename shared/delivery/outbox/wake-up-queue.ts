import type { QueueClient } from '@azure/storage-queue'
import { DurabilityError } from '../../domain/durability-error.ts'
import type { Time } from '../../domain/time.ts'
import type { Doorbell, OutboxPage } from './outbox.ts'

/** Queue whose messages name a page of the outbox. */
export const DOORBELL_QUEUE = 'outbox-doorbell'
/** The sweep makes up for a ring that a silent service swallows. */
const RING_TIMEOUT_MS = 5000
/** Longest delay that a queue message may have: 7 days. */
const MAX_DELAY_SECONDS = 7 * 24 * 3600

/**
 * The text of a ring. Its one field must not be named like a field of the queue trigger's metadata (`id`, `dequeueCount`…),
 * which it would overwrite.
 */
export const ringText = (page: OutboxPage): string => JSON.stringify({ outboxPage: page })

/**
 * A doorbell on a storage queue. Its messages are plain text, as `messageEncoding` of host.json says: with the default (Base64) the host
 * would hand nothing that is not Base64 to any function, and such a message would come back to the poison queue for ever.
 * A ring lost is no debt lost: the sweep rings again.
 */
export const queueDoorbell = (queue: QueueClient, time: Pick<Time, 'timeout'>): Doorbell => ({
  async ring(page, delayMs) {
    try {
      await queue.sendMessage(ringText(page), {
        visibilityTimeout: Math.min(MAX_DELAY_SECONDS, Math.ceil(delayMs / 1000)),
        messageTimeToLive: -1,
        abortSignal: time.timeout(RING_TIMEOUT_MS),
      })
    } catch (error) {
      throw new DurabilityError('Ringing the outbox doorbell', error)
    }
  },
})
