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

/** What the receivers got of one sender. */
export interface Received {
  readonly counts: BenchCounts
  /** Of the storage, but for archive blobs: receipts, settled ranges, reads. */
  readonly otherRequests: number
}

/** Requests that a sender makes for one batch. */
export type RequestsPerBatch = Readonly<Record<keyof BenchCounts | 'other', number>>

/** Where the floor sends: addresses, and the certificate to trust. */
export type FloorTargets = Readonly<Record<keyof RequestsPerBatch | 'caPem', string>>

/** What the receivers' process tells: where it listens, then counts when asked. */
export type ReceiversMessage =
  | {
      readonly kind: 'listening'
      readonly environment: Readonly<Record<string, string>>
      readonly floorTargets: FloorTargets
    }
  | ({
      readonly kind: 'counts'
      readonly floor: Received
      /** CPU time of their process so far, all threads. */
      readonly cpuMicros: number
    } & Received)

/** What is measured beside the handler. */
export type Floor =
  | { readonly kind: 'plain' }
  | {
      readonly kind: 'withDigestsAndRequests'
      readonly targets: FloorTargets
      readonly requests: RequestsPerBatch
    }

/** Batches to run. */
export interface BatchesTask {
  /** Number of the first message; those of the batches follow. */
  readonly firstMessage: number
  readonly batches: number
  readonly messagesPerBatch: number
  readonly inFlight: number
  /** Batches made ahead of a timed range: making them is not part of the figure. */
  readonly batchesAhead: number
  /** Records of a category that is skipped, in place of risk records. */
  readonly isOtherCategory: boolean
}

/** What the floors' process is asked to do. */
export interface FloorTask extends BatchesTask {
  readonly floor: Floor
}

/** What running them took. */
export interface BatchesFigures {
  readonly recordsPerSecond: number
  readonly cpuMicrosPerRecord: number
  readonly cpuMicrosPerBatch: number
  /** From handing over a batch until it is settled. */
  readonly latencyMs: { readonly p50: number; readonly p99: number }
  /** Of the JavaScript heap, whether collected meanwhile or not. */
  readonly heapBytesPerRecord: number
  readonly peakRssMb: number
  /** Resident memory after each timed range. */
  readonly rssMb: readonly number[]
}

/** Start of the handler process. */
export interface HandlerReady {
  readonly kind: 'ready'
  readonly nodeVersion: string
  /** Import of every function. */
  readonly coldLoadMs: number
  /** From import until the first batch is settled at every sink. */
  readonly firstBatchMs: number
}
