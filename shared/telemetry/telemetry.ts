import type { FaultCode } from '../domain/fault.ts'
import type { Instant } from '../domain/identifiers.ts'
import type { RecordTally, SinkTally } from '../domain/tally.ts'

/** One sink's result in a batch or a redelivery. */
export interface SinkSummary {
  readonly sink: string
  readonly tally: SinkTally
  /** Requests made. */
  readonly attempts: number
  readonly tookMs: number
  /** The fault after which nothing more was sent, if any. */
  readonly stoppedBy: FaultCode | undefined
}

/** One chunk of a partition, from messages to settled. */
export interface ChunkSummary {
  readonly partition: string
  readonly firstSequenceNumber: number
  readonly lastSequenceNumber: number
  readonly messages: number
  readonly tally: RecordTally
  /** Fault codes of its records, with counts. */
  readonly faults: ReadonlyMap<FaultCode, number>
  /** Whether the archive already had it, from an earlier run of the batch. */
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

/** When a fact changed, and when the hub took it. */
export interface Timed {
  readonly event: { readonly lastUpdatedAt: Instant }
  readonly position: { readonly enqueuedAt: Instant }
}

/** What is pending for one sink, over all partitions and processes. */
export interface PendingAtSink {
  readonly sink: string
  readonly events: number
  /** Milliseconds since the oldest pending delivery was first tried; 0 if none is pending. */
  readonly oldestMs: number
}

/** A comparison of Microsoft Graph with the archive. */
export interface ReconcileSummary {
  readonly inBoth: number
  readonly onlyInStream: number
  readonly onlyInGraph: number
  readonly enrichedInGraph: number
  readonly sent: number
  readonly streamLagSeconds: number
  readonly streamLossPerMille: number
}

/** A run that reads the contexts of identities at risk. */
export interface ContextsSummary {
  readonly read: number
  /** Requests that brought nothing new. */
  readonly leftOut: number
  /** Identities given up on. */
  readonly givenUp: number
  /** Identities whose context is still to be read. */
  readonly waiting: number
}

/** A run that adds archive blobs to the log. */
export interface SealSummary {
  readonly blobs: number
  readonly commits: number
  /** Leaves in the log. */
  readonly size: number
}

/** What an operator should know of, although it stopped nothing. */
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
  | 'programNotRead'
  | 'reconcileFailed'
  | 'archiveBlobUnreadable'
  | 'diagnosticSettingChanged'
  | 'contextWakeUpLost'
  | 'contextsNotRead'
  | 'sealFailed'
  | 'partitionsNotRead'
  | 'timestampMissing'

/** The program's named events; never a record's content. */
export interface Telemetry {
  chunkSettled(summary: ChunkSummary): void
  partitionDrained(summary: DrainSummary): void
  /** Events that a sink has just taken. */
  delivered(sink: string, events: readonly Timed[], atMs: number): void
  /** All sinks, including those with nothing pending. */
  pendingAtSinks(sinks: readonly PendingAtSink[]): void
  reconciled(summary: ReconcileSummary): void
  /** A collection of Graph could not be read. */
  graphUnread(collection: string, why: string): void
  contextsRead(summary: ContextsSummary): void
  /** Identities at risk whose context could not be requested. */
  contextsNotRequested(identities: number, cause: unknown): void
  sealed(summary: SealSummary): void
  problem(problem: Problem, cause: unknown): void
}
