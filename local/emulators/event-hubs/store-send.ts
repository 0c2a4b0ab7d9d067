import rhea, { type Delivery, type Message } from 'rhea'
import type { BrokerContext } from './broker-context.ts'
import type { Hub } from './hub.ts'
import { readSend } from './incoming-send.ts'
import type { MessagePosition } from './message-position.ts'
import { partitionNotFound, type Refusal } from './refusal.ts'

/**
 * Stores a send completely, or returns why it is refused. A single message was decoded by rhea and
 * is encoded again; its body stays the same to the byte.
 */
export function storeSend(
  hub: Hub,
  partition: string | undefined,
  delivery: Delivery,
  message: Message | Buffer,
  context: BrokerContext,
): readonly MessagePosition[] | Refusal {
  const payload = Buffer.isBuffer(message) ? message : rhea.message.encode(message)
  const refusal = context.faults.takeRefusal(payload)
  if (refusal !== undefined) return refusal
  const send = readSend(delivery.format, payload, context.maxSendBytes)
  if ('condition' in send) return send
  const log = hub.route({ partition, partitionKey: send.partitionKey })
  if (log === undefined) return partitionNotFound
  try {
    const positions = log.append(send.messages, send.partitionKey)
    context.counters.messagesStored += positions.length
    return positions
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return {
      condition: 'amqp:internal-error',
      description: `The emulator could not write its log: ${reason}`,
    }
  }
}
