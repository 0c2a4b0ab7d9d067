/**
 * Where a test may crash the program, each after something that outlives the process: a crash at
 * any two of them leaves different worlds behind.
 */
export const FAILPOINTS = [
  // Taking in a chunk.
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

export type Failpoint = (typeof FAILPOINTS)[number]

/** Called at every failpoint; the program goes on when it returns. */
export type ReachFailpoint = (failpoint: Failpoint) => void | Promise<void>

/** As in Azure: nobody is told. */
export const noFailpoint: ReachFailpoint = () => undefined
