import type { AzureClients } from '../azure/azure-clients.ts'
import type { JsonObject } from '../encoding/json.ts'
import { sendMessages } from './send-messages.ts'

const RECORDS_PER_MESSAGE = 50

function* messagesOf(records: readonly JsonObject[]): Generator<Uint8Array> {
  for (let i = 0; i < records.length; i += RECORDS_PER_MESSAGE)
    yield Buffer.from(JSON.stringify({ records: records.slice(i, i + RECORDS_PER_MESSAGE) }))
}

/** Sends records to the hub, over a connection of its own. */
export async function sendRecords(
  clients: Pick<AzureClients, 'hub'>,
  records: readonly JsonObject[],
): Promise<void> {
  const hub = await clients.hub()
  try {
    await sendMessages(hub, [...messagesOf(records)], () => undefined)
  } finally {
    await hub.close()
  }
}
