import type { Encoded } from '../../delivery/sink.ts'
import { sha256Hex } from '../../encoding/digest.ts'
import type { WebhookFormatName } from './options.ts'

/**
 * The id under which a request is known to its receiver: the same for every attempt at the same
 * events in the same order, and for nothing else. So a receiver may drop a request whose id it has
 * seen, and never drops a remainder or another cut of the stream. 128 bits of SHA-256; holds no
 * `.`, which the scheme reserves.
 */
export const webhookId = (
  sinkName: string,
  format: WebhookFormatName,
  batch: readonly Pick<Encoded, 'eventId'>[],
): string =>
  `msg_${sha256Hex(JSON.stringify([sinkName, format, ...batch.map((e) => e.eventId)])).slice(0, 32)}`
