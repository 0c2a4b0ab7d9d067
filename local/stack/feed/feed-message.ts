/**
 * What one Event Hub message may hold: 1 MiB less room for what AMQP adds. Source:
 * https://learn.microsoft.com/azure/event-hubs/event-hubs-quotas
 */
export const MAX_MESSAGE_BYTES = 1024 * 1024 - 1024

/** Of one feed: more is a load test, which `npm run bench` does better. */
export const MAX_FEED_MESSAGES = 100_000
export const MAX_FEED_BYTES = 256 * 1024 * 1024

/** One message of a feed, and the file that it comes from. */
export interface FeedMessage {
  /** As an operator would name it: the path that was given, and the way from there. */
  readonly file: string
  readonly body: Uint8Array
}

/** A feed that cannot be sent as it is. The message says which file and what to change. */
export class FeedError extends Error {
  override readonly name = 'FeedError'
}
