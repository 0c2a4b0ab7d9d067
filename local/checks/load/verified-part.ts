import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { BlobServiceClient } from '@azure/storage-blob'
import type { StoredMessage } from '../../emulators/event-hubs/message-position.ts'
import { createStorage } from '../../stack/create-storage.ts'
import { HUB } from '../../stack/names.ts'
import type { Stack } from '../../stack/stack.ts'
import type { GeneratedRecords } from '../chaos/generated-records.ts'
import { verifyProcesses } from '../chaos/processes/verify-processes.ts'
import { receivedAt } from '../once/received-at.ts'
import type { Stores } from '../once/stores.ts'
import { at, text } from '../verify/json.ts'
import type { Verdict } from '../verify/verify.ts'

/** An event at the healthy sink. */
export interface Arrival {
  readonly eventId: string
  readonly enqueuedAtMs: number
}

/** The result of a part of the run. */
export interface VerifiedPart {
  readonly verdict: Pick<Verdict, 'lost' | 'problems'>
  readonly arrivals: readonly Arrival[]
}

const WELL = 'log-analytics'
/** Containers that the program only writes, or only reads while something is pending. */
const EMPTIED = ['archive', 'receipts', 'deadletters'] as const

/**
 * Verifies, from outside, what was sent since the last call, then deletes it from the stores:
 * Azurite searches all blobs for every request, so a run would slow down as it goes on. Call while
 * nothing is pending.
 */
export class PartVerifier {
  readonly #stack: Stack
  readonly #stores: Stores
  readonly #made: GeneratedRecords
  #verifiedUpTo = new Map<string, number>()

  /** @param made records put into the messages */
  constructor(stack: Stack, stores: Stores, made: GeneratedRecords) {
    this.#stack = stack
    this.#stores = stores
    this.#made = made
  }

  async verifier(): Promise<VerifiedPart> {
    const { hub, directory } = this.#stack
    const verified = this.#verifiedUpTo
    function* messages(): IterableIterator<StoredMessage> {
      for (const message of hub.messages(HUB)) {
        if (message.sequenceNumber > (verified.get(message.partition) ?? -1)) yield message
      }
    }
    const verdict = await verifyProcesses({ directory, hub: { messages } }, this.#stores, this.#made)
    const arrivals = (await receivedAt(directory))
      .filter(({ name }) => name === WELL)
      .flatMap(({ received }) => received)
      .map(({ eventId, says }) => ({
        eventId,
        enqueuedAtMs: Date.parse(text(at(says, 'position.enqueuedAt'))),
      }))
    this.#verifiedUpTo = new Map(hub.partitionState(HUB).map((p) => [p.partition, p.lastSequenceNumber]))
    await this.#empty()
    return { verdict, arrivals }
  }

  async #empty(): Promise<void> {
    const { azurite, directory } = this.#stack
    const blobs = BlobServiceClient.fromConnectionString(azurite.connectionString)
    for (const name of EMPTIED) await blobs.deleteContainer(name)
    await createStorage(azurite.connectionString)
    for (const name of ['log-analytics', 'webhook'])
      await rm(join(directory, name), { recursive: true, force: true })
  }
}
