import { buildChunks, type Chunk, LINE_BYTES_PER_BODY_BYTE } from '../../archive/chunk.ts'
import { sliceMessages } from '../../archive/slice-messages.ts'
import type { ArchiveWriter } from '../../archive/writer.ts'
import { meeting, type PositionRange } from '../../delivery/dedup/settled-range.ts'
import type { SettledRangeTracker } from '../../delivery/dedup/settled-ranges.ts'
import { duplicatesWithin, type Prepared, prepare, streamNeeds } from '../../delivery/prepare.ts'
import type { Receipts, SinkReport } from '../../delivery/receipts/receipt.ts'
import { batchOf } from '../../delivery/send/deliveries.ts'
import type { SinkPipeline } from '../../delivery/sink-pipeline.ts'
import { DurabilityError } from '../../domain/durability-error.ts'
import type { ArchivedEvent } from '../../domain/exported-event.ts'
import type { FaultCode } from '../../domain/fault.ts'
import { InvariantError } from '../../domain/invariant-error.ts'
import type { Message } from '../../domain/position.ts'
import type { ReadMessage } from '../../domain/read-message.ts'
import { recordsBalance } from '../../domain/tally.ts'
import type { Time } from '../../domain/time.ts'
import type { BytePool } from '../../encoding/byte-pool.ts'
import { ByteWriter } from '../../encoding/byte-writer.ts'
import { BYTES_PER_BODY_BYTE, type EventMemory, eventMemory } from '../../source/event-memory.ts'
import type { Telemetry } from '../../telemetry/telemetry.ts'
import { deadLettersOfRecords } from './dead-letter-records.ts'
import type { MemoryGate } from './memory-gate.ts'
import { type SettleAtSinkDeps, settleAtSink } from './settle-at-sink.ts'

export interface IngestDeps extends SettleAtSinkDeps {
  /** @param memory takes the fields of its events */
  readonly read: (message: Message, memory: EventMemory) => ReadMessage
  readonly archive: ArchiveWriter
  readonly pipelines: readonly SinkPipeline[]
  readonly settledRanges: Pick<SettledRangeTracker, 'before' | 'settled'>
  readonly receipts: Receipts
  readonly gate: MemoryGate
  readonly pool: BytePool
  readonly telemetry: Telemetry
  readonly time: Time
  /** Called with the events of a chunk that is settled; must not throw. */
  readonly onSettled?: (events: readonly ArchivedEvent[]) => void
}

/**
 * Ingests messages of one partition: archives them, then each sink on its own delivers its events,
 * keeps them pending or dead-letters them. Returns once every record has an outcome.
 * @throws DurabilityError if archive, outbox or dead letters cannot be written; InvariantError for
 * a defect of this program
 */
export async function ingest(messages: readonly Message[], deps: IngestDeps): Promise<void> {
  for (const slice of sliceMessages(messages)) {
    const bytes = bodyBytes(slice)
    const leave = await deps.gate.enter(bytes)
    try {
      const memory = eventMemory(bytes * BYTES_PER_BODY_BYTE, deps.pool)
      const lines = new ByteWriter(bytes * LINE_BYTES_PER_BODY_BYTE, deps.pool)
      for (const chunk of buildChunks(readEach(slice, memory, deps), lines)) await settleChunk(chunk, deps)
      // Not where that failed: what goes on then may still look at it.
      memory.memory.release()
      lines.release()
    } finally {
      leave()
    }
  }
}

function bodyBytes(messages: readonly Message[]): number {
  let bytes = 0
  for (const { body } of messages) bytes += body.byteLength
  return bytes
}

// No closure: with one for each batch, V8 would compile all that reads a record anew after each full
// garbage collection, which takes the code of a closure that is gone.
function* readEach(
  messages: readonly Message[],
  memory: EventMemory,
  { read }: IngestDeps,
): Generator<ReadMessage> {
  for (const message of messages) yield read(message, memory)
}

/** Settles messages that were already read. */
export async function settleChunk(chunk: Chunk, deps: IngestDeps): Promise<void> {
  const startedMs = deps.time.monotonicMs()
  const range: PositionRange = { first: chunk.first, last: chunk.last }
  if (!recordsBalance(chunk.tally) || chunk.tally.events !== chunk.events.length)
    throw new InvariantError(`the records of a chunk came to ${JSON.stringify(chunk.tally)}`)
  const archiving = deps.archive.write(chunk)
  // Other threads compress and send the archive; meanwhile this one encodes the events.
  const preparing = prepareAll(chunk, deps)
  const archived = await archiving
  await deps.failpoint('archiveWritten')

  // Records that never became events do not delay the others.
  const [faultsFiled, ...settled] = await Promise.allSettled([
    deadLetterFaults(chunk, deps),
    ...preparing.map(({ pipeline, prepared }) => settleAtSink(pipeline, prepared, range, deps)),
  ])
  const reports = settled.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []))
  // Without events there is no outcome to tell, and nothing that could be delivered twice.
  const told = chunk.events.length === 0 ? [] : reports
  await Promise.all([
    deps.receipts.file(chunk.blob, told).then(() => deps.failpoint('receiptFiled')),
    deps.settledRanges
      .settled(
        range,
        told.map(({ sink }) => sink),
      )
      .then(() => deps.failpoint('settledWritten')),
  ])
  throwFirst([faultsFiled, ...settled])
  deps.onSettled?.(chunk.events)
  report(chunk, archived === 'alreadyThere', reports, startedMs, deps)
}

/**
 * Prepares the events for each sink. A defect surfaces where that sink is settled and harms no
 * other.
 */
function prepareAll(
  chunk: Chunk,
  { pipelines, settledRanges, time }: IngestDeps,
): readonly { readonly pipeline: SinkPipeline; readonly prepared: Promise<Prepared> }[] {
  const { events } = chunk
  const settled = settledRanges.before(chunk.first)
  const repeats = duplicatesWithin(events)
  return pipelines.map((pipeline) => {
    const { sink } = pipeline
    const prepared = settled.then(({ bySink }) => {
      const settledHere = meeting(bySink.get(sink.name), chunk)
      const own = prepare(sink, events, streamNeeds(pipeline, settledHere, repeats, time.monotonicMs()))
      const [first] = own.deliveries
      if (first !== undefined && !pipeline.breaker.isOpen) sink.ready?.(batchOf(first))
      return own
    })
    // Only awaited after the archive write; if that fails, this must not be an unhandled rejection.
    prepared.catch(() => undefined)
    return { pipeline, prepared }
  })
}

async function deadLetterFaults({ faults }: Chunk, deps: IngestDeps): Promise<void> {
  if (faults.length === 0) return
  await deps.deadLetters.write(deadLettersOfRecords(faults, deps.time.now()))
  await deps.failpoint('faultsDeadLettered')
}

/**
 * A storage failure takes precedence over a defect: the host must rerun the batch, not isolate its
 * messages.
 */
function throwFirst(outcomes: readonly PromiseSettledResult<unknown>[]): void {
  const reasons = outcomes.flatMap((end): readonly unknown[] =>
    end.status === 'rejected' ? [end.reason] : [],
  )
  if (reasons.length > 0) throw reasons.find((reason) => reason instanceof DurabilityError) ?? reasons[0]
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
