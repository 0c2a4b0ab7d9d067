import type { TriggerInput } from '../core/invoke.ts'
import type { RpcData } from '../core/rpc-data.ts'
import { parseMessageFields } from './parse-message-fields.ts'
import type { QueueMessage } from './queue-message.ts'

/**
 * A queue message as the host passes it to a function. Fields of a JSON message are merged into the
 * metadata and **replace** the host's values of the same name, case-insensitively: `id`,
 * `dequeueCount`, `expirationTime`… Source: QueueTriggerBinding in
 * https://github.com/Azure/azure-sdk-for-net
 */
export function messageInput(message: QueueMessage, body: Buffer, binary: boolean): TriggerInput {
  const text = body.toString('utf8')
  const metadata = new Map<string, RpcData>([
    ['QueueTrigger', { string: text }],
    ['DequeueCount', { json: String(message.dequeueCount) }],
    ['ExpirationTime', instant(message.expiresOn)],
    ['Id', { string: message.messageId }],
    ['InsertionTime', instant(message.insertedOn)],
    ['NextVisibleTime', instant(message.nextVisibleOn)],
    ['PopReceipt', { string: message.popReceipt }],
  ])
  for (const [name, value] of parseMessageFields(text)) {
    const present = [...metadata.keys()].find((key) => key.toLowerCase() === name.toLowerCase())
    metadata.set(present ?? name, value)
  }
  return { data: binary ? { bytes: body } : { string: text }, triggerMetadata: Object.fromEntries(metadata) }
}

/** A .NET DateTimeOffset as JSON. */
function instant(at: Date): RpcData {
  return { json: JSON.stringify(at.toISOString().replace(/\.?0*Z$/, '+00:00')) }
}
