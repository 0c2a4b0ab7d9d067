import type { CheckpointStore, PartitionOwnership } from '@azure/event-hubs'
import { BlobCheckpointStore } from '@azure/eventhubs-checkpointstore-blob'
import type { ContainerClient } from '@azure/storage-blob'

export interface WatchedStoreOptions {
  readonly container: ContainerClient
  /** Gives up whatever the store is asking storage for. */
  readonly signal: AbortSignal
  /** Called with all claims each time the SDK's load balancing reads them. */
  readonly onOwnership: (ownership: readonly PartitionOwnership[]) => void
}

/**
 * The official store of checkpoints and claims in blobs. The SDK tells nobody when another host
 * takes a partition while a batch of it is being run; but it reads the claims regularly, so looking
 * over its shoulder costs nothing.
 */
export function watchedCheckpointStore({
  container,
  signal,
  onOwnership,
}: WatchedStoreOptions): CheckpointStore {
  const store = new BlobCheckpointStore(container)
  const abortable = { abortSignal: signal }
  return {
    async listOwnership(namespace, eventHubName, consumerGroup, options) {
      const ownership = await store.listOwnership(namespace, eventHubName, consumerGroup, {
        ...options,
        ...abortable,
      })
      onOwnership(ownership)
      return ownership
    },
    claimOwnership: (wanted, options) => store.claimOwnership(wanted, { ...options, ...abortable }),
    updateCheckpoint: (checkpoint, options) =>
      store.updateCheckpoint(checkpoint, { ...options, ...abortable }),
    listCheckpoints: (namespace, eventHubName, consumerGroup, options) =>
      store.listCheckpoints(namespace, eventHubName, consumerGroup, { ...options, ...abortable }),
  }
}
