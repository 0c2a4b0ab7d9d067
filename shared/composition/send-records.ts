import type { EventHubProducerClient } from '@azure/event-hubs'
import type { JsonObject } from '../encoding/json.ts'
import { sendMessages } from './send-messages.ts'

const RECORDS_PER_MESSAGE = 50

function* messagesOf(records: readonly JsonObject[]): Generator<Uint8Array> {
  for (let i = 0; i < records.length; i += RECORDS_PER_MESSAGE)
    yield Buffer.from(JSON.stringify({ records: records.slice(i, i + RECORDS_PER_MESSAGE) }))
}

/** Sends records to the hub, as envelopes. */
export async function sendRecords(
  hub: EventHubProducerClient,
  records: readonly JsonObject[],
): Promise<void> {
  await sendMessages(hub, [...messagesOf(records)], () => undefined)
}
