/** What one destination received: distinct ids, requests, and bytes on the wire. */
export interface DestinationCounts {
  readonly distinct: number
  readonly requests: number
  readonly wireBytes: number
}

export interface BenchCounts {
  readonly archive: DestinationCounts
  readonly 'log-analytics': DestinationCounts
  readonly webhook: DestinationCounts
}

/** Messages of the receiver process: its ports at start, counts on request. */
export type ReceiversNews =
  | { readonly kind: 'listening'; readonly environment: Readonly<Record<string, string>> }
  | { readonly kind: 'counts'; readonly counts: BenchCounts }

/** A task for the handler process. */
export type HandlerTask =
  | { readonly kind: 'run'; readonly firstBatch: number; readonly batches: number; readonly inFlight: number }
  | {
      readonly kind: 'floor'
      readonly firstBatch: number
      readonly batches: number
      readonly inFlight: number
    }
  | { readonly kind: 'skipped'; readonly firstBatch: number; readonly batches: number }
  | { readonly kind: 'memory'; readonly firstBatch: number; readonly records: number }

/** Its answer. */
export interface HandlerAnswer {
  readonly recordsPerSecond: number
  readonly cpuMicrosPerRecord: number
  readonly peakRssMb: number
  /** Resident memory after each tenth of the work. */
  readonly rssMb: readonly number[]
}

/** Start of the handler process. */
export interface HandlerReady {
  readonly kind: 'ready'
  /** Importing all functions. */
  readonly coldLoadMs: number
  /** From import until the first batch is settled at every sink. */
  readonly firstBatchMs: number
}
