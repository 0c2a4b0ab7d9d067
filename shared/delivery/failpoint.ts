/** Where a test may crash the program; each follows a write that outlives the process. */
export const FAILPOINTS = [
  // Ingesting a chunk.
  'archiveWritten',
  'faultsDeadLettered',
  'delivered',
  'rowsWritten',
  'wakeUpSent',
  'refusedDeadLettered',
  'receiptFiled',
  'settledWritten',
  // Redelivering an outbox partition.
  'leaseAcquired',
  'redelivered',
  'rowsDeadLettered',
  'rowsReduced',
  'redeliveryFiled',
  'rowsRemoved',
  'leaseReleased',
  'wakeUpSentAgain',
] as const

/** Steps of sealing the archive. */
export const SEAL_FAILPOINTS = [
  'commitWritten',
  'tilesWritten',
  'checkpointWritten',
  'newestWritten',
] as const

export type Failpoint = (typeof FAILPOINTS)[number] | (typeof SEAL_FAILPOINTS)[number]

/** Called at every failpoint; the program continues when it returns. */
export type ReachFailpoint = (failpoint: Failpoint) => void | Promise<void>

/** In production: does nothing. */
export const noFailpoint: ReachFailpoint = () => undefined
