import { buildChunk } from '../archive/chunk.ts'
import { DurabilityError } from '../domain/durability-error.ts'
import { recordFault } from '../domain/fault.ts'
import type { Message } from '../domain/position.ts'
import { unsplitMessage } from '../source/unsplit-message.ts'
import { type IngestDeps, ingest, settleChunk } from './ingest.ts'

/** How often the host has run a batch in vain before its messages are taken one by one. */
const ISOLATE_FROM_RETRY = 3

/**
 * Ingests a batch that the host may have run before. From the third retry on, messages are taken one by one, and one that still meets a
 * defect of this program is archived raw, dead-lettered and passed: our own bug can neither lose a batch nor block a partition.
 * @param retryCount how often the host has run this batch in vain
 * @throws DurabilityError, for the host to hold the checkpoint and run the batch again
 */
export async function ingestOrIsolate(
  messages: readonly Message[],
  retryCount: number,
  deps: IngestDeps,
): Promise<void> {
  if (retryCount < ISOLATE_FROM_RETRY) return ingest(messages, deps)
  for (const message of messages) {
    try {
      await ingest([message], deps)
    } catch (error) {
      if (error instanceof DurabilityError) throw error
      deps.telemetry.troubled('messageIsolated', error)
      await settleChunk(buildChunk([unsplitMessage(message, INTERNAL_FAULT)]), deps)
    }
  }
}

const INTERNAL_FAULT = recordFault(
  'internalFault',
  'This program met a defect of its own while handling the message. The message is kept as it came; report the defect, then replay.',
)
