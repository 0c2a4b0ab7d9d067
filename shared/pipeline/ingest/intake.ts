import { InvariantError } from '../../domain/invariant-error.ts'
import type { MessageWithoutPosition, TriggerBatch } from '../../domain/message-without-position.ts'
import { type IngestDeps, ingest } from './ingest.ts'
import { isolate } from './isolate.ts'

/** How often the host has run a batch in vain before its messages are taken one by one. */
const ISOLATE_FROM_RETRY = 3

export interface IntakeDeps extends IngestDeps {
  /** Keeps a message verbatim. Throws DurabilityError when the storage does not answer. */
  readonly keepWithoutPosition: (message: MessageWithoutPosition) => Promise<void>
}

/** What a process takes in, and whether it can tell where messages sit. */
export class Intake {
  #hasPosition = false

  /**
   * Ingests what a trigger handed over; from the third retry on message by message, each contained
   * (`isolate`). Messages that have no place cannot be archived; from the third retry on they are
   * kept verbatim among the dead letters and passed, once all others are settled: what one message
   * brings with it must not block its partition.
   *
   * But where no message of the batch has a place and this process has never met one that had, the
   * host is at fault and not the message: then the batch is held for good. Passed, every message of
   * the hub would be kept aside, and none delivered; held, they flow on in their order once the
   * host, or this program, is mended.
   * @param retryCount how often the host has run this batch in vain
   * @throws InvariantError while messages without a position hold the batch; and whatever `ingest`
   * or `isolate` throws
   */
  async take(
    { messages, withoutPosition }: TriggerBatch,
    retryCount: number,
    { keepWithoutPosition, ...deps }: IntakeDeps,
  ): Promise<void> {
    this.#hasPosition ||= messages.length > 0
    const [first] = withoutPosition
    if (first !== undefined && (retryCount < ISOLATE_FROM_RETRY || !this.#hasPosition))
      throw new InvariantError(
        `the Event Hub trigger gave ${withoutPosition.length} of ${messages.length + withoutPosition.length} messages without a position that can be read: ${first.reason}`,
      )
    if (retryCount < ISOLATE_FROM_RETRY) await ingest(messages, deps)
    else for (const message of messages) await isolate(message, deps)
    for (const message of withoutPosition) {
      await keepWithoutPosition(message)
      deps.telemetry.problem('messageWithoutPosition', new Error(message.reason))
    }
  }
}
