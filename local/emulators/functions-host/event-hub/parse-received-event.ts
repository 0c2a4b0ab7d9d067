import type { ReceivedEventData } from '@azure/event-hubs'
import type { Json } from '../../json.ts'
import type { HubMessage } from './hub-message.ts'

/**
 * Converts a received event to a message; `undefined` if its body is an AMQP value or sequence,
 * which the extension cannot convert to bytes. The SDK must not have parsed the body
 * (`skipParsingBodyAsJson`). Source: ConvertEventDataToBytes of EventHubExtensionConfigProvider,
 * and AmqpAnnotatedMessageExtensions.GetEventBody, in
 * https://github.com/Azure/azure-sdk-for-net
 */
export function parseReceivedEvent(event: ReceivedEventData): HubMessage | undefined {
  const { bodyType } = event.getRawAmqpMessage()
  if (bodyType === 'value' || bodyType === 'sequence') return undefined
  return {
    body: bodyBytes(event.body),
    sequenceNumber: event.sequenceNumber,
    offset: String(event.offset),
    enqueuedAtMs: event.enqueuedTimeUtc.getTime(),
    ...(event.partitionKey != null && { partitionKey: event.partitionKey }),
    properties: jsonRecord(event.properties),
    systemProperties: jsonRecord(event.systemProperties),
  }
}

/** Data sections, concatenated. */
function bodyBytes(body: unknown): Uint8Array {
  if (body instanceof Uint8Array) return body
  if (Array.isArray(body)) return Buffer.concat(body.map(bodyBytes))
  return new Uint8Array()
}

function jsonRecord(values: Readonly<Record<string, unknown>> | undefined): Readonly<Record<string, Json>> {
  return Object.fromEntries(Object.entries(values ?? {}).map(([name, value]) => [name, json(value)]))
}

/** AMQP values as serialised by the host: bytes in Base64, instants in ISO form. */
function json(value: unknown): Json {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (value instanceof Date) return value.toISOString()
  if (typeof value === 'bigint') return Number(value)
  if (Array.isArray(value)) return value.map(json)
  if (typeof value === 'object' && value !== null) return jsonRecord({ ...value })
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null
}
