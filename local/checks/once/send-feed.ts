import { EventHubProducerClient } from '@azure/event-hubs'
import type { FeedMessage } from '../../stack/feed/feed-message.ts'

/**
 * Sends messages over AMQP like any client, one by one and in order; the service chooses each one's
 * partition.
 * @param onSent called after each message
 * @param signal ends it early; what was sent by then is on the hub
 */
export async function sendFeed(
  connectionString: string,
  messages: readonly FeedMessage[],
  onSent: (sent: number) => void = () => undefined,
  signal?: AbortSignal,
): Promise<void> {
  const producer = new EventHubProducerClient(connectionString, {
    retryOptions: { retryDelayInMs: 200, maxRetryDelayInMs: 1000 },
  })
  try {
    for (const [i, { body }] of messages.entries()) {
      if (signal?.aborted === true) return
      await producer.sendBatch([{ body: Buffer.from(body) }])
      onSent(i + 1)
    }
  } finally {
    await producer.close()
  }
}
