import type { EventHubProducerClient } from '@azure/event-hubs'
import type { ContainerClient } from '@azure/storage-blob'
import { hasStatus } from '../../azure/storage-condition.ts'
import { type Instant, instant } from '../../domain/identifiers.ts'

/** Where the Functions host keeps how far it has come, in the host storage account. */
export const CHECKPOINT_CONTAINER = 'azure-webjobs-eventhub'

/** What is asked of the hub; every client of it can tell. */
export type PartitionTeller = Pick<
  EventHubProducerClient,
  'fullyQualifiedNamespace' | 'eventHubName' | 'getPartitionIds' | 'getPartitionProperties'
>

/** One partition of the hub, as the service tells of it, and how far the app has come in it. */
export interface PartitionProgress {
  readonly partition: string
  /** -1 where the partition never had a message. */
  readonly lastSequenceNumber: number
  /** Of the oldest message that the hub still has. */
  readonly firstSequenceNumber: number
  readonly isEmpty: boolean
  readonly lastEnqueuedAt: Instant | undefined
  /**
   * Sequence number of the last message that the app is done with; absent: it has never written a
   * checkpoint here; `unknown`: it has written one that does not tell.
   */
  readonly checkpoint: number | 'unknown' | undefined
}

/**
 * Checkpoints are blobs named `<namespace>/<hub>/<consumer group>/checkpoint/<partition>`, in lower
 * case.
 */
async function checkpointsOf(
  host: ContainerClient,
  { fullyQualifiedNamespace, eventHubName }: PartitionTeller,
  consumerGroup: string,
): Promise<ReadonlyMap<string, number | 'unknown'>> {
  // Several hubs, of several namespaces, may be read by apps that share a host account.
  const prefix = `${fullyQualifiedNamespace}/${eventHubName}/${consumerGroup}/checkpoint/`.toLowerCase()
  const found = new Map<string, number | 'unknown'>()
  try {
    for await (const { name, metadata } of host.listBlobsFlat({ prefix, includeMetadata: true }))
      found.set(name.slice(prefix.length), sequenceNumberOf(metadata?.sequencenumber))
  } catch (error) {
    // The host makes the container with its first checkpoint.
    if (!hasStatus(error, 404)) throw error
  }
  return found
}

/** An empty text is no number, and least of all 0. */
const sequenceNumberOf = (text = ''): number | 'unknown' =>
  /^-?\d{1,16}$/.test(text) ? Number(text) : 'unknown'

/** Every partition of the hub, with the app's checkpoint. */
export async function partitionProgress(
  hub: PartitionTeller,
  host: ContainerClient,
  consumerGroup: string,
): Promise<readonly PartitionProgress[]> {
  const checkpoints = await checkpointsOf(host, hub, consumerGroup)
  return Promise.all(
    (await hub.getPartitionIds()).map(async (partition) => {
      const told = await hub.getPartitionProperties(partition)
      return {
        partition,
        lastSequenceNumber: told.lastEnqueuedSequenceNumber,
        firstSequenceNumber: told.beginningSequenceNumber,
        isEmpty: told.isEmpty,
        lastEnqueuedAt: told.isEmpty ? undefined : instant(told.lastEnqueuedOnUtc.getTime()),
        checkpoint: checkpoints.get(partition),
      }
    }),
  )
}
