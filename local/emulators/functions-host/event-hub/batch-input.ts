import type { Json } from '../../json.ts'
import type { TriggerInput } from '../core/invoke.ts'
import type { RpcData, RpcRetryContext } from '../core/rpc-data.ts'
import type { HubMessage, PartitionName } from './hub-message.ts'

/**
 * A batch as the host passes it to a function with cardinality "many" and dataType "binary": one
 * Buffer per message, empty bodies included, and metadata under the names of the .NET extension
 * (the library lower-cases their first letter). Sources: EventHubTriggerBindingStrategy in
 * https://github.com/Azure/azure-sdk-for-net
 * and GrpcMessageConversionExtensions in
 * https://github.com/Azure/azure-functions-host
 */
export function batchInput(
  messages: readonly HubMessage[],
  partition: PartitionName,
  checkpointsAfter: boolean,
  retryContext: RpcRetryContext | undefined,
): TriggerInput {
  return {
    data: { collectionBytes: { bytes: messages.map(({ body }) => body) } },
    triggerMetadata: batchMetadata(messages, partition, checkpointsAfter),
    ...(retryContext && { retryContext }),
  }
}

function batchMetadata(
  messages: readonly HubMessage[],
  partition: PartitionName,
  checkpointsAfter: boolean,
): Readonly<Record<string, RpcData>> {
  const context = json({
    IsCheckpointingAfterInvocation: checkpointsAfter,
    FullyQualifiedNamespace: partition.fullyQualifiedNamespace,
    EventHubName: partition.eventHubName,
    ConsumerGroup: partition.consumerGroup,
    PartitionId: partition.partitionId,
  })
  return {
    TriggerPartitionContext: context,
    PartitionContext: context,
    PartitionKeyArray: strings(messages.map(({ partitionKey }) => partitionKey ?? '')),
    OffsetArray: strings(messages.map(({ offset }) => String(numericOffset(offset)))),
    OffsetStringArray: strings(messages.map(({ offset }) => offset)),
    SequenceNumberArray: {
      collectionSint64: { sint64: messages.map(({ sequenceNumber }) => sequenceNumber) },
    },
    EnqueuedTimeUtcArray: json(messages.map(({ enqueuedAtMs }) => dateTime(enqueuedAtMs))),
    PropertiesArray: json(messages.map(({ properties }) => properties ?? {})),
    SystemPropertiesArray: json(messages.map(systemProperties)),
  }
}

function systemProperties(message: HubMessage): Json {
  const { sequenceNumber, offset, enqueuedAtMs, partitionKey } = message
  return {
    'x-opt-sequence-number': sequenceNumber,
    'x-opt-offset': offset,
    'x-opt-enqueued-time': `${dateTime(enqueuedAtMs)}+00:00`,
    ...(partitionKey !== undefined && { 'x-opt-partition-key': partitionKey }),
    ...message.systemProperties,
    SequenceNumber: sequenceNumber,
    Offset: numericOffset(offset),
    OffsetString: offset,
    PartitionKey: partitionKey ?? null,
    EnqueuedTimeUtc: dateTime(enqueuedAtMs),
  }
}

/** Offsets of geo-replicated hubs are not numbers; the extension then passes -1. */
function numericOffset(offset: string): number {
  return /^-?\d+$/.test(offset) ? Number(offset) : -1
}

/** A .NET DateTime of unspecified kind as JSON: no zone, no trailing zeros. */
function dateTime(atMs: number): string {
  return new Date(atMs).toISOString().replace(/\.?0*Z$/, '')
}

/** The host drops empty strings from string arrays, so indices do not match the messages. */
function strings(values: readonly string[]): RpcData {
  return { collectionString: { string: values.filter((value) => value !== '') } }
}

function json(value: Json): RpcData {
  return { json: JSON.stringify(value) }
}
