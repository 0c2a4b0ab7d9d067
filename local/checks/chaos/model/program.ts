import { DuplicateWindow, WINDOW_LIMITS } from '../../../../shared/delivery/dedup/duplicate-window.ts'
import { SettledRangeTracker } from '../../../../shared/delivery/dedup/settled-ranges.ts'
import type { ReachFailpoint } from '../../../../shared/delivery/failpoint.ts'
import { mergedWakeUps } from '../../../../shared/delivery/outbox/merged-wake-ups.ts'
import type { OutboxPartition } from '../../../../shared/delivery/outbox/outbox.ts'
import { PendingMemory } from '../../../../shared/delivery/outbox/pending-memory.ts'
import { Breaker, breakerPolicy } from '../../../../shared/delivery/send/breaker.ts'
import { Refusals } from '../../../../shared/delivery/send/refusals.ts'
import type { Sink } from '../../../../shared/delivery/sink.ts'
import { tenantId } from '../../../../shared/domain/identifiers.ts'
import type { Message } from '../../../../shared/domain/position.ts'
import type { Time } from '../../../../shared/domain/time.ts'
import type { IngestDeps } from '../../../../shared/pipeline/ingest/ingest.ts'
import { ingestOrIsolate } from '../../../../shared/pipeline/ingest/isolate.ts'
import { MemoryGate } from '../../../../shared/pipeline/ingest/memory-gate.ts'
import { AgeLimit } from '../../../../shared/pipeline/redeliver/age-limit.ts'
import { type RedeliverDeps, redeliver } from '../../../../shared/pipeline/redeliver/redeliver.ts'
import { type Rereader, renormalise } from '../../../../shared/pipeline/redeliver/renormalise.ts'
import { sweep } from '../../../../shared/pipeline/redeliver/sweep.ts'
import { readMessage } from '../../../../shared/source/read-message.ts'
import { rereadRecord } from '../../../../shared/source/reread-record.ts'
import type { Telemetry } from '../../../../shared/telemetry/telemetry.ts'
import type { Durable, Ports } from './durable.ts'

/** The program in one process: what it remembers is gone with it. */
export interface Program {
  ingest(messages: readonly Message[], retryCount: number): Promise<void>
  redeliver(outboxPartition: OutboxPartition): Promise<void>
  sweep(): Promise<void>
}

export interface ProgramOptions {
  readonly storage: Pick<Durable, 'linesOf'>
  readonly ports: Ports
  readonly sinks: readonly Sink[]
  readonly time: Time
  readonly failpoint: ReachFailpoint
  /** Told of a message that met a defect of the program. */
  readonly onIsolated: (cause: unknown) => void
  /** Puts a defect into the program; default: none. */
  readonly plant?: Plant
}

/** What a planted defect may change. */
export type Plant = (deps: IngestDeps) => IngestDeps
/** The same of what it makes of its storage, which it can also be told from outside. */
export type PlantInStorage = (ports: Ports, time: Time, storage: Durable) => Ports

/** The setting DELIVERY_MAX_AGE_HOURS. */
export const MAX_AGE_MS = 72 * 3_600_000
const DELIVERY_TIMEOUT_MS = 1000
/** A run has fewer events, and starts many programs. */
const MODEL_WINDOW = { ...WINDOW_LIMITS, maxIds: 5000 }
const SOURCE = {
  tenantId: tenantId('7d3c9a52-6a0e-4c55-9d3f-0a1b2c3d4e5f'),
  includeUserRisk: true,
  language: 'en',
} as const

const rereader: Rereader = {
  readMessage: (message) => readMessage(message, SOURCE),
  rereadRecord: (bytes, enqueuedAt) => rereadRecord(bytes, enqueuedAt, SOURCE),
}

/** Starts the program as the composition root does, on storage and sinks of the model. */
export function startProgram(options: ProgramOptions): Program {
  const { storage, ports, sinks, time, failpoint, plant = (deps) => deps } = options
  const telemetry: Telemetry = {
    chunkSettled: () => undefined,
    partitionDrained: () => undefined,
    delivered: () => undefined,
    pendingAtSinks: () => undefined,
    problem: (trouble, cause) => {
      if (trouble === 'messageIsolated') options.onIsolated(cause)
    },
  }
  const { archive, outbox, wakeUps, deadLetters, receipts } = ports
  const pipelines = sinks.map((sink) => ({
    sink: { ...sink, refusals: new Refusals() },
    accepts: () => true,
    breaker: new Breaker(breakerPolicy(DELIVERY_TIMEOUT_MS)),
    window: new DuplicateWindow(MODEL_WINDOW),
    pendingMemory: new PendingMemory(),
  }))
  const ingestDeps: IngestDeps = plant({
    read: rereader.readMessage,
    archive,
    deadLetters,
    pipelines,
    settleDeps: {
      outbox,
      wakeUps: mergedWakeUps(wakeUps, time),
      deadLetters,
      deliveryTimeoutMs: DELIVERY_TIMEOUT_MS,
      backoff: { baseMs: 100, maxMs: 400 },
      time,
      onWakeUpLost: () => undefined,
      failpoint,
    },
    settledRanges: new SettledRangeTracker(ports.settledRanges, () => undefined),
    receipts,
    gate: new MemoryGate(4 * 1024 * 1024),
    telemetry,
    time,
    failpoint,
  })
  const redeliverDeps: RedeliverDeps = {
    outbox,
    wakeUps,
    deadLetters,
    receipts,
    sinks: new Map(ingestDeps.pipelines.map(({ sink }) => [sink.name, sink])),
    readLines: async (blob, wanted) => {
      const lines = new Set(wanted)
      const found = storage.linesOf(blob).filter(({ line }) => lines.has(line))
      return new Map(found.map((line) => [line.line, line]))
    },
    renormalise: (lines) => renormalise(lines, rereader),
    accepts: () => true,
    budgetMs: 20_000,
    maxBackoffMs: 300_000,
    ageLimit: new AgeLimit(MAX_AGE_MS, time),
    telemetry,
    time,
    failpoint,
  }
  return {
    ingest: (messages, retryCount) => ingestOrIsolate(messages, retryCount, ingestDeps),
    redeliver: (outboxPartition) => redeliver(outboxPartition, redeliverDeps),
    sweep: () => sweep(redeliverDeps),
  }
}
