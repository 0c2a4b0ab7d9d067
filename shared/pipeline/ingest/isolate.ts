import { buildChunk, type Chunk } from '../../archive/chunk.ts'
import type { StoredRanges } from '../../delivery/dedup/settled-ranges.ts'
import { DurabilityError } from '../../domain/durability-error.ts'
import type { Message } from '../../domain/position.ts'
import { unsplitMessage } from '../../source/unsplit-message.ts'
import { containEncoding, DEFECT } from '../contain-defects.ts'
import { deadLettersOfRecords } from './dead-letter-records.ts'
import { deadLetterRemainder } from './dead-letter-remainder.ts'
import { type IngestDeps, ingest, settleChunk } from './ingest.ts'

/**
 * Ingests one message alone. If it still hits a defect of this program, it is kept, dead-lettered
 * and passed: a bug can neither lose a batch nor block a partition.
 * @throws DurabilityError, so that the host reruns the batch; whatever writing dead letters throws:
 * a message that cannot be dead-lettered is not passed
 */
export const isolate = (message: Message, deps: IngestDeps): Promise<void> =>
  new Isolation(message, deps).run()

/**
 * One message alone. If a defect prevents encoding an event for a sink, that event is
 * dead-lettered. The archive must not hold two forms of one message: it is archived raw only if the
 * defect came before its records were archived; after that, each sink not known to be settled gets
 * dead letters that point at those records.
 */
class Isolation {
  readonly #message: Message
  readonly #deps: IngestDeps
  #chunk: Chunk | undefined
  readonly #settled = new Set<string>()
  #settledBefore: StoredRanges | undefined
  #isTold = false

  constructor(message: Message, deps: IngestDeps) {
    this.#message = message
    this.#deps = deps
  }

  async run(): Promise<void> {
    try {
      await ingest([this.#message], this.#watched())
    } catch (error) {
      if (error instanceof DurabilityError) throw error
      this.#report(error)
      await (this.#chunk === undefined ? this.#keepRaw() : this.#deadLetterUnsettled(this.#chunk))
    }
  }

  /**
   * The same dependencies, except that encoder defects become faults of the event and the message's
   * progress is recorded.
   */
  #watched(): IngestDeps {
    const { archive, settledRanges, pipelines } = this.#deps
    return {
      ...this.#deps,
      archive: {
        write: async (chunk) => {
          const written = await archive.write(chunk)
          this.#chunk = chunk
          return written
        },
      },
      settledRanges: {
        before: async (first) => {
          this.#settledBefore = await settledRanges.before(first)
          return this.#settledBefore
        },
        settled: (range, sinks) => {
          for (const sink of sinks) this.#settled.add(sink)
          return settledRanges.settled(range, sinks)
        },
      },
      pipelines: pipelines.map((pipeline) => ({
        ...pipeline,
        sink: containEncoding(pipeline.sink, (cause) => this.#report(cause)),
      })),
    }
  }

  /** Reports once per message, however many of its events are affected. */
  #report(cause: unknown): void {
    if (!this.#isTold) this.#deps.telemetry.problem('messageIsolated', cause)
    this.#isTold = true
  }

  #keepRaw(): Promise<void> {
    const { settledRanges } = this.#deps
    // Not marked as settled, since no sink has seen the contents: if the host reruns the batch, a
    // program that can read them must deliver them.
    const unmarked = { before: settledRanges.before.bind(settledRanges), settled: async () => undefined }
    return settleChunk(buildChunk([unsplitMessage(this.#message, DEFECT.handlingMessage)]), {
      ...this.#deps,
      settledRanges: unmarked,
    })
  }

  async #deadLetterUnsettled({ faults, events }: Chunk): Promise<void> {
    const { deadLetters, pipelines, time } = this.#deps
    await deadLetters.write(deadLettersOfRecords(faults, time.now()))
    for (const pipeline of pipelines.filter(({ sink }) => !this.#settled.has(sink.name)))
      await deadLetterRemainder(
        pipeline,
        events,
        this.#settledBefore?.bySink.get(pipeline.sink.name),
        deadLetters,
        time,
      )
  }
}
