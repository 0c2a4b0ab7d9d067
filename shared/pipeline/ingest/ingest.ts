import { buildChunk, type Chunk } from '../../archive/chunk.ts'
import { sliceByRecords, sliceMessages } from '../../archive/slice-messages.ts'
import type { ArchiveWriter } from '../../archive/writer.ts'
import type { DeadLetterWriter } from '../../delivery/dead-letters/dead-letter.ts'
import type { PositionRange } from '../../delivery/dedup/settled-range.ts'
import type { SettledRangeTracker } from '../../delivery/dedup/settled-ranges.ts'
import type { ReachFailpoint } from '../../delivery/failpoint.ts'
import type { Receipts } from '../../delivery/receipts/receipt.ts'
import { type Encode, encodeAhead } from '../../delivery/send/encode-all.ts'
import {
  type PipelineDeps,
  type SinkPipeline,
  type SinkReport,
  settleAtSink,
} from '../../delivery/sink-pipeline.ts'
import { DurabilityError } from '../../domain/durability-error.ts'
import type { FaultCode } from '../../domain/fault.ts'
import type { Message } from '../../domain/position.ts'
import type { ReadMessage } from '../../domain/read-message.ts'
import type { Time } from '../../domain/time.ts'
import type { Telemetry } from '../../telemetry/telemetry.ts'
import { deadLettersOfRecords } from './dead-letter-records.ts'
import type { MemoryGate } from './memory-gate.ts'

export interface IngestDeps {
  readonly read: (message: Message) => ReadMessage
  readonly archive: ArchiveWriter
  readonly deadLetters: DeadLetterWriter
  readonly pipelines: readonly SinkPipeline[]
  readonly pipelineDeps: PipelineDeps
  readonly settledRanges: Pick<SettledRangeTracker, 'before' | 'settled'>
  readonly receipts: Receipts
  readonly gate: MemoryGate
  readonly failpoint: ReachFailpoint
  readonly telemetry: Telemetry
  readonly time: Time
}

/** Brings the events of a chunk to an end at one sink. */
export type Settle = typeof settleAtSink

/**
 * Takes one partition's messages down the whole road: archived first, then delivered, pending or dead-lettered, each sink on its own.
 * Returns only when every record has its end.
 * @throws DurabilityError when archive, outbox or dead letters cannot be written; InvariantError for a defect of ours
 */
export async function ingest(
  messages: readonly Message[],
  deps: IngestDeps,
  settle: Settle = settleAtSink,
): Promise<void> {
  for (const slice of sliceMessages(messages)) {
    const bytes = slice.reduce((sum, m) => sum + m.body.byteLength, 0)
    await deps.gate.run(bytes, async () => {
      for (const messagesRead of sliceByRecords(slice.map(deps.read))) {
        await settleChunk(buildChunk(messagesRead), deps, settle)
      }
    })
  }
}

/** Settles messages that were read already. */
export async function settleChunk(
  chunk: Chunk,
  deps: IngestDeps,
  settle: Settle = settleAtSink,
): Promise<void> {
  const startedMs = deps.time.monotonicMs()
  const range: PositionRange = { first: chunk.first, last: chunk.last }
  const archiving = deps.archive.write(chunk)
  // The archive is compressed and sent by other threads: meanwhile this one gives the events their forms.
  const encoders = encodersOf(deps.pipelines, chunk.events)
  const archived = await archiving
  await deps.failpoint('archiveWritten')
  const settledRanges = await deps.settledRanges.before(chunk.first)

  // Records that never became events do not keep the others waiting.
  const [group, ...outcomes] = await Promise.allSettled([
    deadLetterFaults(chunk, deps),
    ...deps.pipelines.map((pipeline) =>
      settle(
        pipeline,
        {
          events: chunk.events,
          range,
          ranges: settledRanges.bySink.get(pipeline.sink.name),
          encode: encoders.get(pipeline) ?? ((archived) => pipeline.sink.encode(archived)),
        },
        deps.pipelineDeps,
      ).then((settled) => {
        deps.telemetry.delivered(settled.sink, settled.delivered, deps.time.now())
        return settled
      }),
    ),
  ])
  const reports = outcomes.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []))
  const settledSinks = reports.map((r) => r.sink)
  await Promise.all([
    deps.receipts.file(chunk.blob, reports).then(() => deps.failpoint('receiptFiled')),
    deps.settledRanges.settled(range, settledSinks).then(() => deps.failpoint('settledWritten')),
  ])
  throwFirst([group, ...outcomes])
  report(chunk, archived === 'alreadyThere', reports, startedMs, deps)
}

async function deadLetterFaults({ faults }: Chunk, deps: IngestDeps): Promise<void> {
  if (faults.length === 0) return
  await deps.deadLetters.write(deadLettersOfRecords(faults, deps.time.now()))
  await deps.failpoint('faultsDeadLettered')
}

/** A storage that failed comes before a defect of ours: the batch must be run again, not passed message by message. */
function throwFirst(outcomes: readonly PromiseSettledResult<unknown>[]): void {
  const reasons = outcomes.flatMap((end): readonly unknown[] =>
    end.status === 'rejected' ? [end.reason] : [],
  )
  if (reasons.length > 0) throw reasons.find((reason) => reason instanceof DurabilityError) ?? reasons[0]
}

/** Forms for each sink pipeline that will need them now; a sink pipeline whose breaker is open will have pending its events instead. */
function encodersOf(
  pipelines: readonly SinkPipeline[],
  events: Chunk['events'],
): ReadonlyMap<SinkPipeline, Encode> {
  const encoders = new Map<SinkPipeline, Encode>()
  for (const pipeline of pipelines.filter((l) => !l.breaker.isOpen)) {
    try {
      encoders.set(pipeline, encodeAhead(pipeline.sink, events))
    } catch {
      // A defect of one sink's: its sink pipeline meets it again, where it harms no other.
    }
  }
  return encoders
}

function report(
  chunk: Chunk,
  archivedBefore: boolean,
  reports: readonly SinkReport[],
  startedMs: number,
  { telemetry, time }: IngestDeps,
): void {
  telemetry.chunkSettled({
    partition: chunk.first.partition,
    firstSequenceNumber: chunk.first.sequenceNumber,
    lastSequenceNumber: chunk.last.sequenceNumber,
    messages: chunk.messages,
    tally: chunk.tally,
    faults: countCodes(chunk.faults.map((f) => f.fault.code)),
    archivedBefore,
    sinks: reports.map(({ sink, tally, attempts, tookMs, stoppedBy }) => ({
      sink,
      tally,
      attempts,
      tookMs,
      stoppedBy: stoppedBy?.code,
    })),
    latencyMs: time.now() - chunk.first.enqueuedAt,
    tookMs: time.monotonicMs() - startedMs,
  })
}

function countCodes(codes: readonly FaultCode[]): ReadonlyMap<FaultCode, number> {
  const counts = new Map<FaultCode, number>()
  for (const code of codes) counts.set(code, (counts.get(code) ?? 0) + 1)
  return counts
}
