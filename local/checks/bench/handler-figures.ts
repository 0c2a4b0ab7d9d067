/** The handler beside a floor, in the same rounds. */
export interface Ratio {
  readonly recordsPerSecond: number
  readonly cpuMicrosPerRecord: number
  /** Records a second of the handler to those of the floor: median of the rounds' ratios. */
  readonly ratio: number
  /** CPU time of the floor to that of the handler: hardly depends on what else runs. */
  readonly cpuRatio: number
}

export interface InFlightFigures {
  readonly n: number
  readonly recordsPerSecond: number
  readonly floorRecordsPerSecond: number
  readonly ratio: number
  /** The Node.js on which handler and floors ran: floors of two versions differ. */
  readonly nodeVersion: string
  readonly cpuMicrosPerRecord: number
  readonly floorCpuMicrosPerRecord: number
  readonly cpuRatio: number
  readonly floorWithDigestsAndRequests: Ratio
}

/** Batches of one message, one in flight. */
export interface OneMessageFigures {
  readonly batches: number
  readonly cpuMicrosPerBatch: number
  readonly latencyMs: { readonly p50: number; readonly p99: number }
  readonly requestsPerBatch: Readonly<Record<string, number>>
  readonly floorWithDigestsAndRequests: {
    readonly cpuMicrosPerBatch: number
    readonly latencyMs: { readonly p50: number; readonly p99: number }
  }
}

export interface StartFigures {
  readonly coldLoadMs: number
  readonly firstBatchMs: number
  /** Load and first batch, a second apart: the clients are loaded meanwhile, as in Azure. */
  readonly firstBatchAfterPauseMs: number
}

export interface HandlerFigures extends StartFigures {
  readonly nodeVersion: string
  readonly inFlight: readonly InFlightFigures[]
  readonly cpuMicrosPerRecord: number
  readonly peakRssMb: number
  readonly rssMbOverTime: readonly number[]
  readonly wireMb: number
  readonly wireBytesPerRecord: Readonly<Record<string, number>>
  readonly skippedMessagesPerSecond: number
  /** Records that each destination must hold, and those that it does hold, by its own count. */
  readonly recordsIn: number
  readonly recordsOut: Readonly<Record<string, number>>
  /** Allocated on the JavaScript heap of the handler's process, one batch in flight. */
  readonly heapBytesPerRecord: number
  readonly floorHeapBytesPerRecord: number
  readonly requestsPerBatch: Readonly<Record<string, number>>
  /** CPU time of the receivers' process: what is left of the cores is what the handler may use. */
  readonly receiversCpuMicrosPerRecord: number
  readonly oneMessage: OneMessageFigures
}
