import { pipelineOf } from '../../shared/composition/assemble.ts'
import type { DeadLetter } from '../../shared/delivery/dead-letters/dead-letter.ts'
import type { SettledRanges } from '../../shared/delivery/dedup/settled-range.ts'
import { noFailpoint } from '../../shared/delivery/failpoint.ts'
import type { Outbox } from '../../shared/delivery/outbox/outbox.ts'
import { duplicatesWithin, type Prepared, prepare, streamNeeds } from '../../shared/delivery/prepare.ts'
import type { SinkReport } from '../../shared/delivery/receipts/receipt.ts'
import type { Sink } from '../../shared/delivery/sink.ts'
import type { SinkPipeline } from '../../shared/delivery/sink-pipeline.ts'
import type { ArchivedEvent } from '../../shared/domain/exported-event.ts'
import { type SettleAtSinkDeps, settleAtSink } from '../../shared/pipeline/ingest/settle-at-sink.ts'
import { logTelemetry } from '../../shared/telemetry/log-telemetry.ts'
import { archivedEventAt } from './archived-event-at.ts'
import type { VirtualTime } from './virtual-time.ts'

const DELIVERY_TIMEOUT_MS = 1000

/** A sink on a process that has just started. */
export const freshPipeline = <S extends Sink>(
  sink: S,
  accepts: SinkPipeline['accepts'] = () => true,
): SinkPipeline & { readonly sink: S } => ({
  ...pipelineOf({ sink, accepts }, DELIVERY_TIMEOUT_MS),
  sink,
})

export interface SettleEventsDeps extends SettleAtSinkDeps {
  readonly time: VirtualTime
}

/** What a chunk is settled with, on a clock of one's own; dead letters come to `deadLetters`. */
export const settleDeps = (
  time: VirtualTime,
  outbox: Outbox,
  deadLetters: DeadLetter[] = [],
): SettleEventsDeps => ({
  time,
  outbox,
  wakeUps: { send: async () => undefined },
  deadLetters: {
    async write(some) {
      deadLetters.push(...some)
    },
  },
  deliveryTimeoutMs: DELIVERY_TIMEOUT_MS,
  backoff: { baseMs: 0, maxMs: 0 },
  deliveryTime: time,
  telemetry: logTelemetry(() => undefined),
  failpoint: noFailpoint,
})

const rangeOf = (events: readonly ArchivedEvent[]) => {
  const [first = archivedEventAt(0)] = events
  return { first: first.position, last: (events.at(-1) ?? first).position }
}

export const prepareEvents = (
  pipeline: SinkPipeline,
  events: readonly ArchivedEvent[],
  time: VirtualTime,
  settled?: SettledRanges,
): Prepared =>
  prepare(pipeline.sink, events, streamNeeds(pipeline, settled, duplicatesWithin(events), time.monotonicMs()))

/** Brings a chunk of these events to an end; they may come from further places than they fill. */
export const settlePrepared = async (
  pipeline: SinkPipeline,
  prepared: Prepared,
  deps: SettleAtSinkDeps,
): Promise<SinkReport> => settleAtSink(pipeline, Promise.resolve(prepared), rangeOf(prepared.events), deps)

export const settleEvents = (
  pipeline: SinkPipeline,
  events: readonly ArchivedEvent[],
  deps: SettleEventsDeps,
  settled?: SettledRanges,
): Promise<SinkReport> => settlePrepared(pipeline, prepareEvents(pipeline, events, deps.time, settled), deps)
