import type { QueueClient } from '@azure/storage-queue'
import type { Time } from '../domain/time.ts'

/** Senders can do without a message that is lost to a silent service. */
const SEND_TIMEOUT_MS = 5000
/** Longest delay of a queue message: 7 days. */
const MAX_DELAY_SECONDS = 7 * 24 * 3600

/**
 * Sends a queue message as plain text, like `messageEncoding` in host.json: with the default
 * (Base64) the host would pass no other message to any function, and such a message would return to
 * the poison queue for ever. It never expires.
 */
export async function sendText(
  queue: QueueClient,
  text: string,
  delayMs: number,
  time: Pick<Time, 'limit'>,
): Promise<void> {
  const limit = time.limit(SEND_TIMEOUT_MS)
  try {
    await queue.sendMessage(text, {
      visibilityTimeout: Math.min(MAX_DELAY_SECONDS, Math.ceil(delayMs / 1000)),
      messageTimeToLive: -1,
      abortSignal: limit.signal,
    })
  } finally {
    limit.end()
  }
}
