/** What outlives the process, in the order in which the program does it: between any two of them a crash leaves another world behind. */
export const DURABLE_STEPS = [
  // Taking in a chunk.
  'archiveWritten',
  'faultsBuried',
  'delivered',
  'debtWritten',
  'rung',
  'refusedBuried',
  'receiptFiled',
  'marksWritten',
  // Paying what a page of the outbox owes.
  'pageTaken',
  'redelivered',
  'debtBuried',
  'debtReduced',
  'redeliveryFiled',
  'debtsRemoved',
  'pageReleased',
  'rungAgain',
] as const

export type DurableStep = (typeof DURABLE_STEPS)[number]

/** Told of every durable step, after it; the program goes on when it returns. */
export type OnStep = (step: DurableStep) => void | Promise<void>

/** As in Azure: nobody is told. */
export const noStep: OnStep = () => undefined
