import {
  EventHubConsumerClient,
  type EventPosition,
  earliestEventPosition,
  latestEventPosition,
  type PartitionOwnership,
  parseEventHubConnectionString,
} from '@azure/event-hubs'
import { BlobServiceClient } from '@azure/storage-blob'
import { connectionString, resolveSettings } from '../app-settings.ts'
import type { HostContext } from '../host-context.ts'
import type { EventHubsConfig } from '../parse-host-json.ts'
import type { Trigger } from '../parse-trigger.ts'
import { watchedCheckpointStore } from './watched-checkpoint-store.ts'

export type EventHubTrigger = Extract<Trigger, { readonly type: 'eventHub' }>

/** The container of the Functions extension, in the host storage account. */
const CHECKPOINT_CONTAINER = 'azure-webjobs-eventhub'

/** By default, the AMQP client waits 30 s before it retries. */
const AMQP_RETRY = { maxRetries: 3, retryDelayInMs: 200, maxRetryDelayInMs: 1_000, timeoutInMs: 3_000 }

/** Creates the official consumer for a trigger, with checkpoints in the host storage. */
export async function eventHubConsumer(
  context: HostContext,
  functionName: string,
  trigger: EventHubTrigger,
  closing: AbortSignal,
  onOwnership: (ownership: readonly PartitionOwnership[], ownId: string) => void,
): Promise<EventHubConsumerClient> {
  const usedBy = `The function "${functionName}"`
  const hub = connectionString(context.settings, trigger.connection, usedBy)
  const storage = connectionString(context.settings, undefined, 'The Event Hub trigger')
  const container = BlobServiceClient.fromConnectionString(storage).getContainerClient(CHECKPOINT_CONTAINER)
  await container.createIfNotExists({ abortSignal: closing })
  const store = watchedCheckpointStore({
    container,
    signal: closing,
    onOwnership: (ownership) => onOwnership(ownership, client.identifier),
  })
  const group = resolveSettings(trigger.consumerGroup, context.settings, usedBy)
  const options = {
    retryOptions: AMQP_RETRY,
    loadBalancingOptions: {
      strategy: 'greedy' as const,
      updateIntervalInMs: context.tuning.loadBalancingMs,
      partitionOwnershipExpirationIntervalInMs: context.tuning.ownershipExpiryMs,
    },
  }
  // A hub in the connection string takes precedence over the trigger's, as in the extension.
  const client: EventHubConsumerClient =
    parseEventHubConnectionString(hub).eventHubName === undefined
      ? new EventHubConsumerClient(
          group,
          hub,
          resolveSettings(trigger.eventHubName, context.settings, usedBy),
          store,
          options,
        )
      : new EventHubConsumerClient(group, hub, store, options)
  return client
}

/** Start position of a partition without a checkpoint. */
export function startPosition(offset: EventHubsConfig['initialOffset']): EventPosition {
  switch (offset.type) {
    case 'fromStart':
      return earliestEventPosition
    case 'fromEnd':
      return latestEventPosition
    case 'fromEnqueuedTime':
      return { enqueuedOn: new Date(offset.enqueuedTimeUtc) }
  }
}
