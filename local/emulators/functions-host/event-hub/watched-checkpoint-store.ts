import type { CheckpointStore, PartitionOwnership } from '@azure/event-hubs'
import { BlobCheckpointStore } from '@azure/eventhubs-checkpointstore-blob'
import type { ContainerClient } from '@azure/storage-blob'

export interface WatchedStoreOptions {
  readonly container: ContainerClient
  /** Aborts the store's requests. */
  readonly signal: AbortSignal
  /** Called with all claims whenever the SDK's load balancing reads them. */
  readonly onOwnership: (ownership: readonly PartitionOwnership[]) => void
}

/**
 * The official store of checkpoints and claims in blobs. The SDK does not report that another host
 * took a partition while one of its batches is running; but it reads the claims regularly, so
 * observing them costs nothing.
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
