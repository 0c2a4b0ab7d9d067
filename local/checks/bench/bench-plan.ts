/** How much is measured. */
export interface BenchPlan {
  readonly warmUpBatches: number
  /** Handler and floors take turns; figures are medians of the rounds: short ones, and many. */
  readonly rounds: number
  readonly batchesPerRound: number
  readonly oneMessageBatches: number
  readonly memoryRecords: number
}

export const FULL_PLAN: BenchPlan = {
  warmUpBatches: 24,
  rounds: 9,
  batchesPerRound: 24,
  oneMessageBatches: 1000,
  memoryRecords: 1_000_000,
}

export const QUICK_PLAN: BenchPlan = {
  warmUpBatches: 24,
  rounds: 1,
  batchesPerRound: 12,
  oneMessageBatches: 200,
  memoryRecords: 50_000,
}
