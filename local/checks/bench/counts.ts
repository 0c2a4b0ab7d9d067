/** What one destination got: distinct ids, requests, and bytes as they came over the wire. */
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

/** What the receivers' process tells: where it listens, then counts when asked. */
export type ReceiversNews =
  | { readonly kind: 'listening'; readonly environment: Readonly<Record<string, string>> }
  | { readonly kind: 'counts'; readonly counts: BenchCounts }

/** What the handler's process is asked to do. */
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

/** What it answers. */
export interface HandlerAnswer {
  readonly recordsPerSecond: number
  readonly cpuMicrosPerRecord: number
  readonly peakRssMb: number
  /** Resident memory after each tenth of the work. */
  readonly rssMb: readonly number[]
}

/** How the handler's process began. */
export interface HandlerReady {
  readonly kind: 'ready'
  /** Import of every function. */
  readonly coldLoadMs: number
  /** From import to the first batch settled at every sink. */
  readonly firstBatchMs: number
}
