import type { Encoded } from '../../delivery/sink.ts'
import type { WebhookFormatName } from '../../domain/webhook-formats.ts'
import { sha256Hex } from '../../encoding/digest.ts'

/**
 * A request's id for its receiver: the same for every attempt at the same events in the same order,
 * and for nothing else. So a receiver may drop an id it has seen without losing a remainder or
 * another split of the stream. 128 bits of SHA-256, without `.`, which the scheme reserves.
 */
export const webhookId = (
  sinkName: string,
  format: WebhookFormatName,
  batch: readonly Pick<Encoded, 'eventId'>[],
): string =>
  `msg_${sha256Hex(JSON.stringify([sinkName, format, ...batch.map((e) => e.eventId)])).slice(0, 32)}`
