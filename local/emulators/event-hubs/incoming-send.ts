import { contentOf } from './amqp-value.ts'
import { partitionKeyOf } from './annotate-message.ts'
import { type EncodedMessage, readMessage, sectionCode } from './message-sections.ts'
import type { Refusal } from './refusal.ts'

/**
 * Message format of a batch: an envelope whose data sections are messages. Source:
 * https://learn.microsoft.com/azure/event-hubs/event-hubs-amqp-protocol-guide
 */
export const batchFormat = 0x80013700
/**
 * Limit of the Standard tier for a message or a batch. Source:
 * https://learn.microsoft.com/azure/event-hubs/event-hubs-quotas
 */
export const standardMaxSendBytes = 1024 * 1024

/** The contents of one send. */
export interface IncomingSend {
  readonly messages: readonly EncodedMessage[]
  readonly partitionKey: string | undefined
}

/** Splits a send into messages without decoding them. */
export function readSend(format: number, payload: Buffer, maxSendBytes: number): IncomingSend | Refusal {
  if (payload.length > maxSendBytes) {
    return {
      condition: 'amqp:link:message-size-exceeded',
      description: `The received message (size:${payload.length} bytes) exceeds the limit (${maxSendBytes} bytes) currently allowed on the link.`,
    }
  }
  const envelope = readMessage(payload)
  if (envelope === undefined) return undecodable
  if (format !== batchFormat) return { messages: [envelope], partitionKey: partitionKeyOf(envelope) }
  const messages: EncodedMessage[] = []
  for (const section of envelope.sections) {
    if (section.code !== sectionCode.data) continue
    const content = contentOf(payload.subarray(section.value, section.end))
    const message = content === undefined ? undefined : readMessage(content)
    if (message === undefined) return undecodable
    messages.push(message)
  }
  return { messages, partitionKey: partitionKeyOf(envelope) ?? firstPartitionKey(messages) }
}

const undecodable: Refusal = {
  condition: 'amqp:decode-error',
  description: 'The send is no AMQP message, or a message of the batch is none.',
}

function firstPartitionKey([first]: readonly EncodedMessage[]): string | undefined {
  return first === undefined ? undefined : partitionKeyOf(first)
}
