import type { FaultCode } from '../domain/fault.ts'
import type { Instant } from '../domain/identifiers.ts'
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

/** One drain of an outbox partition. */
export interface DrainSummary {
  readonly sink: string
  readonly partition: string
  readonly delivered: number
  readonly deadLettered: number
  readonly stillPending: number
  readonly attempts: number
  readonly tookMs: number
  readonly stoppedBy: FaultCode | undefined
}

/** When a fact became so, and when the hub took it. */
export interface Timed {
  readonly event: { readonly lastUpdatedAt: Instant }
  readonly position: { readonly enqueuedAt: Instant }
}

/** What is pending for one sink, over all partitions and processes. */
export interface PendingAtSink {
  readonly sink: string
  readonly events: number
  /**
   * Age of the oldest pending delivery, in milliseconds since it was first tried; 0 where nothing
   * is pending.
   */
  readonly oldestMs: number
}

/** Something an operator should know of, that stopped nothing. */
export type Problem =
  | 'settledNotRead'
  | 'settledNotWritten'
  | 'wakeUpLost'
  | 'receiptNotWritten'
  | 'messageIsolated'
  | 'messageWithoutPosition'
  | 'sinkDefect'
  | 'outboxPartitionUnknown'
  | 'rowUnreadable'
  | 'rowsSetAside'
  | 'heartbeatNotSent'

/** The program's named events. Never a record's content. */
export interface Telemetry {
  chunkSettled(summary: ChunkSummary): void
  partitionDrained(summary: DrainSummary): void
  /** Events that a sink has just taken. */
  delivered(sink: string, events: readonly Timed[], atMs: number): void
  /** Of every sink, those that are pending nothing too. */
  pendingAtSinks(sinks: readonly PendingAtSink[]): void
  problem(problem: Problem, cause: unknown): void
}
