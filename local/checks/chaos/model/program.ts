import { assemble } from '../../../../shared/composition/assemble.ts'
import { noFailpoint, type ReachFailpoint } from '../../../../shared/delivery/failpoint.ts'
import type { OutboxPartition } from '../../../../shared/delivery/outbox/outbox.ts'
import type { Sink } from '../../../../shared/delivery/sink.ts'
import { tenantId } from '../../../../shared/domain/identifiers.ts'
import type { Message } from '../../../../shared/domain/position.ts'
import type { Time } from '../../../../shared/domain/time.ts'
import { BatchHandler } from '../../../../shared/pipeline/ingest/batch-handler.ts'
import type { IngestDeps } from '../../../../shared/pipeline/ingest/ingest.ts'
import { type RedeliverDeps, redeliver } from '../../../../shared/pipeline/redeliver/redeliver.ts'
import { sweep } from '../../../../shared/pipeline/redeliver/sweep.ts'
import type { Telemetry } from '../../../../shared/telemetry/telemetry.ts'
import type { Durable, Ports } from './durable.ts'

/** The program in one process; its memory ends with it. */
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
  /** Default: the process is killed nowhere. */
  readonly failpoint?: ReachFailpoint
  /** Called for a message that met a defect of the program. */
  readonly onIsolated: (cause: unknown) => void
  /** Injects a defect in the program; default: none. */
  readonly inject?: Injection
  /** The setting DELIVERY_TIMEOUT_MS; default: its own. */
  readonly deliveryTimeoutMs?: number
}

/** Changes the dependencies of ingest. */
export type Injection = (deps: IngestDeps) => IngestDeps
/** Changes the storage ports of the program, with direct access to the storage. */
export type StorageInjection = (ports: Ports, time: Time, storage: Durable) => Ports

/** The setting DELIVERY_MAX_AGE_HOURS. */
export const MAX_AGE_MS = 72 * 3_600_000
const DELIVERY = {
  redeliveryBudgetMs: 20_000,
  maxBackoffMs: 300_000,
  maxAgeMs: MAX_AGE_MS,
} as const
/** Enough for the events of a run, and small, since it starts many programs. */
const MODEL_WINDOW_IDS = 5000
const SOURCE = {
  tenantId: tenantId('7d3c9a52-6a0e-4c55-9d3f-0a1b2c3d4e5f'),
  includeUserRisk: true,
  language: 'en',
} as const

const linesAt = (storage: ProgramOptions['storage'], blob: string, wanted: ReadonlySet<number>) =>
  new Map(
    storage
      .linesOf(blob)
      .filter(({ line }) => wanted.has(line))
      .map((line) => [line.line, line]),
  )

/** Starts the program, wired by its own composition root, on the model's storage and sinks. */
export function startProgram(options: ProgramOptions): Program {
  const {
    storage,
    ports,
    sinks,
    time,
    failpoint = noFailpoint,
    inject = (deps) => deps,
    deliveryTimeoutMs = 1000,
  } = options
  const telemetry: Telemetry = {
    chunkSettled: () => undefined,
    partitionDrained: () => undefined,
    delivered: () => undefined,
    pendingAtSinks: () => undefined,
    reconciled: () => undefined,
    contextsRead: () => undefined,
    contextsNotRequested: () => undefined,
    graphUnread: () => undefined,
    sealed: () => undefined,
    problem: (problem, cause) => {
      if (problem === 'messageIsolated') options.onIsolated(cause)
    },
  }
  const assembled = assemble(
    { ...ports, readLines: async (blob, wanted) => linesAt(storage, blob, new Set(wanted)) },
    {
      sinks: sinks.map((sink) => ({ sink, accepts: () => true })),
      source: SOURCE,
      delivery: { ...DELIVERY, deliveryTimeoutMs },
      time,
      onProblem: () => undefined,
      failpoint,
      maxWindowIds: MODEL_WINDOW_IDS,
    },
  )
  const ingestDeps = inject({ ...assembled.ingestDeps, telemetry })
  const redeliverDeps: RedeliverDeps = {
    ...assembled.redeliverDeps,
    sinks: new Map(ingestDeps.pipelines.map((pipeline) => [pipeline.sink.name, pipeline])),
    telemetry,
  }
  const batchHandler = new BatchHandler()
  const handlerDeps = { ...ingestDeps, keepWithoutPosition: async () => undefined }
  return {
    ingest: (messages, retryCount) =>
      batchHandler.handle({ messages, withoutPosition: [] }, retryCount, handlerDeps),
    redeliver: (outboxPartition) => redeliver(outboxPartition, redeliverDeps),
    sweep: () => sweep(redeliverDeps),
  }
}
