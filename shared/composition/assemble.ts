import type { ArchiveWriter } from '../archive/writer.ts'
import type { AppSettings } from '../config/parse-settings.ts'
import type { DeadLetterWriter } from '../delivery/dead-letters/dead-letter.ts'
import { DuplicateWindow, WINDOW_LIMITS } from '../delivery/dedup/duplicate-window.ts'
import { type SettledRangeStore, SettledRangeTracker } from '../delivery/dedup/settled-ranges.ts'
import type { ReachFailpoint } from '../delivery/failpoint.ts'
import { mergedWakeUps } from '../delivery/outbox/merged-wake-ups.ts'
import type { Outbox, WakeUps } from '../delivery/outbox/outbox.ts'
import { PendingMemory } from '../delivery/outbox/pending-memory.ts'
import type { Receipts } from '../delivery/receipts/receipt.ts'
import { Breaker, breakerPolicy } from '../delivery/send/breaker.ts'
import { Refusals } from '../delivery/send/refusals.ts'
import type { SinkPipeline } from '../delivery/sink-pipeline.ts'
import type { Time } from '../domain/time.ts'
import { BytePool } from '../encoding/byte-pool.ts'
import type { IngestDeps } from '../pipeline/ingest/ingest.ts'
import { MemoryGate } from '../pipeline/ingest/memory-gate.ts'
import { AgeLimit } from '../pipeline/redeliver/age-limit.ts'
import type { RedeliverDeps } from '../pipeline/redeliver/redeliver.ts'
import { type Rereader, renormalise } from '../pipeline/redeliver/renormalise.ts'
import { readMessage } from '../source/read-message.ts'
import { rereadRecord } from '../source/reread-record.ts'
import type { SourceSettings } from '../source/source-settings.ts'
import type { Problem } from '../telemetry/telemetry.ts'

/** Where the program reads and writes what must outlive it. */
export interface Ports {
  readonly archive: ArchiveWriter
  readonly readLines: RedeliverDeps['readLines']
  readonly deadLetters: DeadLetterWriter
  readonly outbox: Outbox
  readonly wakeUps: WakeUps
  readonly settledRanges: SettledRangeStore
  readonly receipts: Receipts
}

/** An enabled sink, and the operator's filter for it. */
export type EnabledSink = Pick<SinkPipeline, 'sink' | 'accepts'>

export interface AssembleOptions {
  readonly sinks: readonly EnabledSink[]
  readonly source: SourceSettings
  readonly delivery: AppSettings['delivery']
  readonly time: Time
  /** For deliveries, which are aborted when the process shuts down; default: `time`. */
  readonly deliveryTime?: Time
  /** Called for problems that stop nothing and belong to no invocation. */
  readonly onProblem: (problem: Problem, cause: unknown) => void
  readonly failpoint: ReachFailpoint
  /** Most event ids in a sink's duplicate window. */
  readonly maxWindowIds?: number
}

/** The program on its ports; each invocation has its own telemetry. */
export interface Assembled {
  readonly pipelines: readonly SinkPipeline[]
  readonly rereader: Rereader
  readonly ingestDeps: Omit<IngestDeps, 'telemetry'>
  readonly redeliverDeps: Omit<RedeliverDeps, 'telemetry'>
}

/** Most message bytes in progress per process, over all partitions. */
const MAX_BYTES_IN_WORK = 4 * 1024 * 1024
/** Most memory kept for the next chunks; what is in progress takes about as much. */
const MAX_POOL_BYTES = 48 * 1024 * 1024
/** Backoff within ingest's delivery timeout. */
const INGEST_BACKOFF = { baseMs: 100, maxMs: 400 }

/** Reads archived records again, by current code. */
export const rereaderOf = (source: SourceSettings): Rereader => ({
  readMessage: (message, memory) => readMessage(message, source, memory),
  rereadRecord: (bytes, enqueuedAt) => rereadRecord(bytes, enqueuedAt, source),
})

/** A sink, with what one process remembers about it. */
export const pipelineOf = (
  { sink, accepts }: EnabledSink,
  deliveryTimeoutMs: number,
  maxIds: number = WINDOW_LIMITS.maxIds,
): SinkPipeline => ({
  sink: { ...sink, refusals: new Refusals() },
  accepts,
  breaker: new Breaker(breakerPolicy(deliveryTimeoutMs)),
  window: new DuplicateWindow({ ...WINDOW_LIMITS, maxIds }),
  pendingMemory: new PendingMemory(),
})

/** Wires up what a process needs; used by app, chaos model and tests alike. */
export function assemble(ports: Ports, options: AssembleOptions): Assembled {
  const { delivery, time, deliveryTime = time, onProblem, failpoint } = options
  const { archive, readLines, deadLetters, outbox, wakeUps, receipts } = ports
  const pipelines = options.sinks.map((sink) =>
    pipelineOf(sink, delivery.deliveryTimeoutMs, options.maxWindowIds),
  )
  const rereader = rereaderOf(options.source)
  return {
    pipelines,
    rereader,
    ingestDeps: {
      read: rereader.readMessage,
      archive,
      deadLetters,
      pipelines,
      outbox,
      wakeUps: mergedWakeUps(wakeUps, time),
      deliveryTimeoutMs: delivery.deliveryTimeoutMs,
      backoff: INGEST_BACKOFF,
      deliveryTime,
      settledRanges: new SettledRangeTracker(ports.settledRanges, (doing, cause) =>
        onProblem(doing === 'read' ? 'settledNotRead' : 'settledNotWritten', cause),
      ),
      receipts,
      gate: new MemoryGate(MAX_BYTES_IN_WORK),
      pool: new BytePool(MAX_POOL_BYTES),
      failpoint,
      time,
    },
    redeliverDeps: {
      outbox,
      wakeUps,
      deadLetters,
      receipts,
      sinks: new Map(pipelines.map((pipeline) => [pipeline.sink.name, pipeline])),
      readLines,
      renormalise: (lines) => renormalise(lines, rereader),
      budgetMs: delivery.redeliveryBudgetMs,
      maxBackoffMs: delivery.maxBackoffMs,
      ageLimit: new AgeLimit(delivery.maxAgeMs, time),
      failpoint,
      time: deliveryTime,
    },
  }
}
