import type { EventHubProducerClient } from '@azure/event-hubs'
import type { ContainerClient } from '@azure/storage-blob'
import { hasStatus } from '../../azure/storage-condition.ts'
import { type Instant, instant } from '../../domain/identifiers.ts'

/** Where the Functions host keeps its checkpoints, in the host storage account. */
export const CHECKPOINT_CONTAINER = 'azure-webjobs-eventhub'

/** The queries to the hub; every hub client has them. */
export type PartitionInfoClient = Pick<
  EventHubProducerClient,
  'fullyQualifiedNamespace' | 'eventHubName' | 'getPartitionIds' | 'getPartitionProperties'
>

/** A hub partition according to the service, and the app's progress in it. */
export interface PartitionProgress {
  readonly partition: string
  /** -1 if the partition never had a message. */
  readonly lastSequenceNumber: number
  /** Of the oldest message still in the hub. */
  readonly firstSequenceNumber: number
  readonly isEmpty: boolean
  readonly lastEnqueuedAt: Instant | undefined
  /**
   * Sequence number of the last message the app has processed; absent: no checkpoint; `unknown`: a
   * checkpoint without one.
   */
  readonly checkpoint: number | 'unknown' | undefined
}

/** Checkpoint blobs: `<namespace>/<hub>/<consumer group>/checkpoint/<partition>`, lower-case. */
async function checkpointsOf(
  host: ContainerClient,
  { fullyQualifiedNamespace, eventHubName }: PartitionInfoClient,
  consumerGroup: string,
): Promise<ReadonlyMap<string, number | 'unknown'>> {
  // Apps that read other hubs or namespaces may share the host account.
  const prefix = `${fullyQualifiedNamespace}/${eventHubName}/${consumerGroup}/checkpoint/`.toLowerCase()
  const found = new Map<string, number | 'unknown'>()
  try {
    for await (const { name, metadata } of host.listBlobsFlat({ prefix, includeMetadata: true }))
      found.set(name.slice(prefix.length), sequenceNumberOf(metadata?.sequencenumber))
  } catch (error) {
    // The host creates the container with its first checkpoint.
    if (!hasStatus(error, 404)) throw error
  }
  return found
}

/** An empty text is not a number, least of all 0. */
const sequenceNumberOf = (text = ''): number | 'unknown' =>
  /^-?\d{1,16}$/.test(text) ? Number(text) : 'unknown'

/** Every partition of the hub, with the app's checkpoint. */
export async function partitionProgress(
  hub: PartitionInfoClient,
  host: ContainerClient,
  consumerGroup: string,
): Promise<readonly PartitionProgress[]> {
  const checkpoints = await checkpointsOf(host, hub, consumerGroup)
  return Promise.all(
    (await hub.getPartitionIds()).map(async (partition) => {
      const properties = await hub.getPartitionProperties(partition)
      return {
        partition,
        lastSequenceNumber: properties.lastEnqueuedSequenceNumber,
        firstSequenceNumber: properties.beginningSequenceNumber,
        isEmpty: properties.isEmpty,
        lastEnqueuedAt: properties.isEmpty ? undefined : instant(properties.lastEnqueuedOnUtc.getTime()),
        checkpoint: checkpoints.get(partition),
      }
    }),
  )
}
