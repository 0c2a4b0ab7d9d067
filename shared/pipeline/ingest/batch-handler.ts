import { InvariantError } from '../../domain/invariant-error.ts'
import type { MessageWithoutPosition, TriggerBatch } from '../../domain/message-without-position.ts'
import { type IngestDeps, ingest } from './ingest.ts'
import { isolate } from './isolate.ts'

/** Failed runs of a batch after which its messages are ingested one by one. */
const ISOLATE_FROM_RETRY = 3

export interface BatchHandlerDeps extends IngestDeps {
  /** Keeps a message verbatim. Throws DurabilityError if the storage does not answer. */
  readonly keepWithoutPosition: (message: MessageWithoutPosition) => Promise<void>
}

/** Handles the batches of one process, and knows whether the host reports message positions. */
export class BatchHandler {
  #hasPosition = false

  /**
   * Ingests a trigger's batch; from the third retry on message by message, each contained
   * (`isolate`). Messages without a position cannot be archived; from the third retry on they are
   * kept verbatim among the dead letters and passed once all others are settled, so that they never
   * block the partition.
   *
   * If no message of the batch has a position and this process has never seen one that had, the
   * host is at fault: the batch is held until the host or this program is fixed. Passing it would
   * set every message of the hub aside and deliver none.
   * @param retryCount failed runs of this batch so far
   * @throws InvariantError while messages without a position hold the batch; whatever `ingest` or
   * `isolate` throws
   */
  async handle(
    { messages, withoutPosition }: TriggerBatch,
    retryCount: number,
    { keepWithoutPosition, ...deps }: BatchHandlerDeps,
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
