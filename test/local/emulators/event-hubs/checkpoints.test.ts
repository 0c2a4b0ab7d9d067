import { type CheckpointStore, earliestEventPosition } from '@azure/event-hubs'
import { BlobCheckpointStore } from '@azure/eventhubs-checkpointstore-blob'
import { ContainerClient } from '@azure/storage-blob'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { EventHubEmulator } from '../../../../local/emulators/event-hubs/emulator.ts'
import { consumerFor, startedEmulator } from '../../../support/event-hub-clients.ts'
import { type StorageAccount, storageAccount } from '../../../support/storage-account.ts'
import { until } from '../../../support/until.ts'

let azurite: StorageAccount

beforeAll(async () => {
  azurite = await storageAccount()
})
afterAll(() => azurite.stop())

async function checkpointStore(name: string): Promise<CheckpointStore> {
  const container = new ContainerClient(azurite.connectionString, name)
  await container.create()
  return new BlobCheckpointStore(container)
}

/**
 * Consumes all partitions, with a checkpoint after each batch, until so many messages or one error
 * came.
 */
async function consume(
  emulator: EventHubEmulator,
  store: CheckpointStore,
  count: number,
): Promise<readonly string[]> {
  const seen: string[] = []
  const errors: string[] = []
  const subscription = consumerFor(emulator.connectionString('risk'), '$Default', store).subscribe(
    {
      processEvents: async (events, context) => {
        const last = events.at(-1)
        if (last === undefined) return
        seen.push(...events.map((event) => String(event.body)))
        await context.updateCheckpoint(last)
      },
      processError: (error) => {
        errors.push(error.message)
        return Promise.resolve()
      },
    },
    {
      startPosition: earliestEventPosition,
      maxBatchSize: 10,
      maxWaitTimeInSeconds: 1,
      skipParsingBodyAsJson: true,
    },
  )
  await until(() => seen.length >= count || errors.length > 0)
  await subscription.close()
  return errors.length > 0 ? errors : seen
}

const publishTexts = (emulator: EventHubEmulator, from: number, to: number): readonly string[] => {
  const texts = Array.from({ length: to - from }, (_, at) => `message ${from + at}`)
  for (const [at, text] of texts.entries()) {
    emulator.publish('risk', [Buffer.from(text)], { partition: String(at % 2) })
  }
  return texts
}

test('a consumer with checkpoints in blobs goes on where the one before it stopped', async () => {
  const emulator = await startedEmulator()
  const store = await checkpointStore('resume')
  const first = publishTexts(emulator, 0, 30)
  expect([...(await consume(emulator, store, 30))].sort()).toEqual([...first].sort())
  const second = publishTexts(emulator, 30, 50)
  expect([...(await consume(emulator, store, 20))].sort()).toEqual([...second].sort())
})

test('a consumer whose checkpoints are beyond the end of a hub that was made again is told so', async () => {
  const emulator = await startedEmulator()
  const store = await checkpointStore('stale')
  publishTexts(emulator, 0, 30)
  await consume(emulator, store, 30)
  emulator.recreateHub('risk')
  publishTexts(emulator, 100, 104)
  const [error] = await consume(emulator, store, 4)
  expect(error).toMatch(/The supplied offset '\d+' is invalid\. The last offset in the system is '\d+'/)
})
