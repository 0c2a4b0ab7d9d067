import { feedLines } from './feed-lines.ts'

/** What may be posted, and how it is read. */
export const FEED_CONTENT_TYPES = [
  'application/json',
  'application/x-ndjson',
  'application/octet-stream',
] as const
export type FeedContentType = (typeof FEED_CONTENT_TYPES)[number]

/** The kind of feed that a `Content-Type` header names, or `undefined` for any other. */
export const feedContentType = (header: string | undefined): FeedContentType | undefined =>
  FEED_CONTENT_TYPES.find((type) => type === header?.split(';', 1)[0]?.trim().toLowerCase())

/**
 * The messages of a posted body: its lines for newline-delimited JSON, as `readFeed` has them;
 * otherwise one message, byte for byte.
 */
export const feedMessages = (body: Uint8Array, contentType: FeedContentType): readonly Uint8Array[] =>
  contentType === 'application/x-ndjson' ? feedLines(body) : [body]
