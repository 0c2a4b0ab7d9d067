import type { EventDataBatch, EventHubProducerClient } from '@azure/event-hubs'

/** The result of sending messages to a hub. */
export interface SendReport {
  readonly sent: number
  readonly batches: number
}

/** A message that fits no batch; the error text says which one. */
export class MessageTooLargeError extends Error {
  override readonly name = 'MessageTooLargeError'
  /** Index of the message, from 0. */
  readonly index: number

  constructor(index: number, bytes: number, maxBytes: number) {
    super(
      `Sending message ${index + 1}: ${bytes} bytes; this hub accepts ${maxBytes} including the overhead of AMQP. Split its records over more messages.`,
    )
    this.index = index
  }
}

/**
 * Sends messages to the hub byte for byte and in order, in batches as large as fit; the service
 * chooses each batch's partition.
 * @throws MessageTooLargeError before anything of the batch in question is sent
 */
export async function sendMessages(
  hub: Pick<EventHubProducerClient, 'createBatch' | 'sendBatch'>,
  bodies: readonly Uint8Array[],
  onSent: (sent: number) => void,
): Promise<SendReport> {
  let batch: EventDataBatch = await hub.createBatch()
  let sent = 0
  let batches = 0
  const flush = async (): Promise<void> => {
    if (batch.count === 0) return
    await hub.sendBatch(batch)
    sent += batch.count
    batches += 1
    onSent(sent)
  }
  for (const [index, bytes] of bodies.entries()) {
    const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    if (batch.tryAdd({ body })) continue
    await flush()
    batch = await hub.createBatch()
    if (!batch.tryAdd({ body })) throw new MessageTooLargeError(index, body.length, batch.maxSizeInBytes)
  }
  await flush()
  return { sent, batches }
}
