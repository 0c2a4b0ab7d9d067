import type { FaultCode } from '../domain/fault.ts'
import type { RecordTally, SinkTally } from '../domain/tally.ts'

/** How one sink fared in a batch or a redelivery. */
export interface SinkSummary {
  readonly sink: string
  readonly tally: SinkTally
  /** Requests made. */
  readonly attempts: number
  readonly tookMs: number
  /** Why nothing more was sent, where that was so. */
  readonly stoppedBy: FaultCode | undefined
}

/** One chunk of a partition, from messages to settled. */
export interface ChunkSummary {
  readonly partition: string
  readonly firstSequenceNumber: number
  readonly lastSequenceNumber: number
  readonly messages: number
  readonly tally: RecordTally
  /** Codes of the faults among its records, with how often each occurred. */
  readonly faults: ReadonlyMap<FaultCode, number>
  /** Whether the archive had it already: a batch that the host ran again. */
  readonly archivedBefore: boolean
  readonly sinks: readonly SinkSummary[]
  /** From the oldest message's enqueued time to the end, in milliseconds. */
  readonly latencyMs: number
  readonly tookMs: number
}

/** One drain of a page of the outbox. */
export interface DrainSummary {
  readonly sink: string
  readonly partition: string
  readonly delivered: number
  readonly deadLettered: number
  readonly stillOwed: number
  readonly attempts: number
  readonly oldestOwedMs: number
  readonly tookMs: number
  readonly stoppedBy: FaultCode | undefined
}

/** Something an operator should know of, that stopped nothing. */
export type Trouble =
  | 'markNotRead'
  | 'markNotWritten'
  | 'ringLost'
  | 'receiptNotWritten'
  | 'messageIsolated'
  | 'pageUnknown'
  | 'debtUnreadable'
  | 'heartbeatNotSent'

/** The program's named events. Never a record's content. */
export interface Telemetry {
  chunkSettled(summary: ChunkSummary): void
  pageDrained(summary: DrainSummary): void
  troubled(trouble: Trouble, cause: unknown): void
}
