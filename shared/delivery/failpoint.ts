/** What outlives the process, in the order in which the program does it: between any two of them a crash leaves another world behind. */
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
  // Paying what an outbox partition has pending.
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

/** Told of every failpoint, after it; the program goes on when it returns. */
export type ReachFailpoint = (step: Failpoint) => void | Promise<void>

/** As in Azure: nobody is told. */
export const noFailpoint: ReachFailpoint = () => undefined
