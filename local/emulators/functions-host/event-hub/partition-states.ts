/** A partition owned by this host. */
export interface PartitionState {
  /** Aborted when another host has taken the partition. */
  readonly lost: AbortSignal
  /** Aborted when the partition is lost or the host stops. */
  readonly interrupted: AbortSignal
  /** Batches since the last checkpoint. */
  batches: number
}

/** The partitions owned by this host, by id. */
export interface PartitionStates {
  open(partitionId: string): void
  of(partitionId: string): PartitionState
  lose(partitionId: string): void
}

export function createPartitionStates(stopping: AbortSignal): PartitionStates {
  const open = new Map<string, { readonly controller: AbortController; readonly state: PartitionState }>()
  return {
    open(partitionId) {
      const controller = new AbortController()
      const lost = controller.signal
      open.set(partitionId, {
        controller,
        state: { lost, interrupted: AbortSignal.any([stopping, lost]), batches: 0 },
      })
    },
    of(partitionId) {
      const found = open.get(partitionId)
      if (found === undefined)
        throw new Error(`Partition ${partitionId} delivers messages before it was opened.`)
      return found.state
    },
    lose(partitionId) {
      open.get(partitionId)?.controller.abort()
    },
  }
}
