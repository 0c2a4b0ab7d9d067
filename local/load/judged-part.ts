import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { BlobServiceClient } from '@azure/storage-blob'
import type { Json } from '../../shared/domain/json.ts'
import type { RunVerdict } from '../chaos/model/conservation.ts'
import { judgeWall } from '../chaos/wall/evidence.ts'
import type { StoredMessage } from '../event-hub/message-position.ts'
import { landedAt } from '../harness/landed.ts'
import type { Stores } from '../harness/stores.ts'
import { createStorage } from '../stack/create-storage.ts'
import { HUB } from '../stack/names.ts'
import type { Stack } from '../stack/stack.ts'

/** An event at the sink that is well. */
export interface Landing {
  readonly eventId: string
  readonly enqueuedAtMs: number
}

/** What came of a part of the run. */
export interface JudgedPart {
  readonly verdict: RunVerdict
  readonly landings: readonly Landing[]
}

const WELL = 'log-analytics'
const instantOf = (text: Json | undefined): number =>
  typeof text === 'string' ? Date.parse(text) : Number.NaN
/** What the program only writes, or reads while something is owed. */
const EMPTIED = ['archive', 'receipts', 'deadletters'] as const

/**
 * Judges, from outside, what was sent since the last time, and then takes it out of the stores: Azurite searches all its blobs for every
 * request, so that a run would slow down with its length. To be called while nothing is owed.
 */
export class PartJudge {
  readonly #stack: Stack
  readonly #stores: Stores
  #judgedUpTo = new Map<string, number>()

  constructor(stack: Stack, stores: Stores) {
    this.#stack = stack
    this.#stores = stores
  }

  async judge(): Promise<JudgedPart> {
    const { hub, directory } = this.#stack
    const judged = this.#judgedUpTo
    function* messages(): IterableIterator<StoredMessage> {
      for (const message of hub.messages(HUB)) {
        if (message.sequenceNumber > (judged.get(message.partition) ?? -1)) yield message
      }
    }
    const verdict = await judgeWall({ ...this.#stack, hub: { ...hub, messages } }, this.#stores)
    const landings = (await landedAt(directory))
      .filter(({ name }) => name === WELL)
      .flatMap(({ landed }) => landed)
      .map(({ eventId, content }) => ({
        eventId,
        enqueuedAtMs: instantOf(content['EnqueuedDateTime']),
      }))
    this.#judgedUpTo = new Map(hub.partitionState(HUB).map((p) => [p.partition, p.lastSequenceNumber]))
    await this.#empty()
    return { verdict, landings }
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
