/** How much is measured. */
export interface BenchPlan {
  /** Starts of the handler in new processes, each with and without a pause before the first batch. */
  readonly starts: number
  readonly warmUpBatches: number
  /** Handler and floors take turns; figures are medians of the rounds: short ones, and many. */
  readonly rounds: number
  readonly batchesPerRound: number
  readonly oneMessageBatches: number
  readonly memoryRecords: number
}

export const FULL_PLAN: BenchPlan = {
  starts: 9,
  warmUpBatches: 24,
  rounds: 9,
  batchesPerRound: 24,
  oneMessageBatches: 1000,
  memoryRecords: 1_000_000,
}

export const QUICK_PLAN: BenchPlan = {
  starts: 1,
  warmUpBatches: 24,
  rounds: 1,
  batchesPerRound: 12,
  oneMessageBatches: 200,
  memoryRecords: 50_000,
}
