import { buildChunk, type Chunk } from '../../archive/chunk.ts'
import type { StoredRanges } from '../../delivery/dedup/settled-ranges.ts'
import { DurabilityError } from '../../domain/durability-error.ts'
import { recordFault } from '../../domain/fault.ts'
import type { Message } from '../../domain/position.ts'
import { unsplitMessage } from '../../source/unsplit-message.ts'
import { encodeContained } from '../contain-defects.ts'
import { deadLettersOfRecords } from './dead-letter-records.ts'
import { deadLetterRemainder } from './dead-letter-remainder.ts'
import { type IngestDeps, ingest, settleChunk } from './ingest.ts'

/** How often the host has run a batch in vain before its messages are taken one by one. */
export const ISOLATE_FROM_RETRY = 3

/**
 * Ingests a batch that the host may have run before. From the third retry on, messages are taken one by one, and one that still meets a
 * defect of this program is kept, dead-lettered and passed: our own bug can neither lose a batch nor block a partition.
 * @param retryCount how often the host has run this batch in vain
 * @throws DurabilityError, for the host to hold the checkpoint and run the batch again; whatever the dead letters throw: what cannot be
 * dead-lettered is not passed
 */
export async function ingestOrIsolate(
  messages: readonly Message[],
  retryCount: number,
  deps: IngestDeps,
): Promise<void> {
  if (retryCount < ISOLATE_FROM_RETRY) return ingest(messages, deps)
  for (const message of messages) await new Isolation(message, deps).run()
}

/**
 * One message, by itself. An event that a defect keeps from a sink's form is dead-lettered alone. The archive must not hold two forms of one
 * message: it is archived raw only where the defect came before its records were archived; after that, each sink that is not known to be
 * settled gets dead letters that point at those records.
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
      this.#tell(error)
      await (this.#chunk === undefined ? this.#keepRaw() : this.#deadLetterUnsettled(this.#chunk))
    }
  }

  /** The same world, in which a defect of an encoder is the fault of its event; and it is seen how far the message comes. */
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
        sink: { ...pipeline.sink, encode: encodeContained(pipeline.sink, (cause) => this.#tell(cause)) },
      })),
    }
  }

  /** Once a message, however many of its events are concerned. */
  #tell(cause: unknown): void {
    if (!this.#isTold) this.#deps.telemetry.problem('messageIsolated', cause)
    this.#isTold = true
  }

  #keepRaw(): Promise<void> {
    const { settledRanges } = this.#deps
    // No sink has seen what is in it: a program that can read it, should the host run the batch again, is to deliver it.
    const unmarked = { before: settledRanges.before.bind(settledRanges), settled: async () => undefined }
    return settleChunk(buildChunk([unsplitMessage(this.#message, INTERNAL_FAULT)]), {
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

const INTERNAL_FAULT = recordFault(
  'internalFault',
  'This program met a defect of its own while handling the message. The message is kept as it came; report the defect, then replay.',
)
