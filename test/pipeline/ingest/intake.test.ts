import { BlobServiceClient, type ContainerClient } from '@azure/storage-blob'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { recordText } from '../../../local/checks/chaos/records.ts'
import { createStorage } from '../../../local/stack/create-storage.ts'
import { type App, createApp } from '../../../shared/composition/create-app.ts'
import { systemTime } from '../../../shared/composition/system-time.ts'
import { readSettings } from '../../../shared/config/parse-settings.ts'
import { WITHOUT_POSITION_FOLDER } from '../../../shared/delivery/dead-letters/without-position-blobs.ts'
import { noFailpoint } from '../../../shared/delivery/failpoint.ts'
import { instant } from '../../../shared/domain/identifiers.ts'
import type { TriggerBatch } from '../../../shared/domain/message-without-position.ts'
import { deadLettersSince } from '../../../shared/operations/status/stored-health.ts'
import { parseTrigger } from '../../../shared/source/parse-trigger.ts'
import { appSettings } from '../../support/app-settings.ts'
import { type StorageAccount, storageAccount } from '../../support/storage-account.ts'

const TIME = '2026-03-01T09:00:01'
let azurite: StorageAccount
let archive: ContainerClient
let deadLetters: ContainerClient
beforeAll(async () => {
  azurite = await storageAccount()
  await createStorage(azurite.connectionString)
  const service = BlobServiceClient.fromConnectionString(azurite.connectionString)
  archive = service.getContainerClient('archive')
  deadLetters = service.getContainerClient('deadletters')
})
afterAll(() => azurite.stop())

const log: [string, string][] = []
beforeEach(() => {
  log.length = 0
})

/** A process of the app. Its one sink is behind a port that nobody listens on. */
const startApp = (): App =>
  createApp({
    settings: readSettings({
      ...appSettings(azurite, 'https://localhost:9/hooks'),
      DELIVERY_TIMEOUT_MS: '100',
    }),
    log: () => undefined,
    time: systemTime,
    newId: () => 'token',
    failpoint: noFailpoint,
  })

const write = (level: string, line: string): void => {
  log.push([level, line])
}
const bodyOf = (n: number): Buffer => Buffer.from(`{"records":[${recordText(n)}]}`)

/** Messages of a partition; those of which `odd` says so come without a time. */
const batchOf = (partition: string, numbers: readonly number[], odd: readonly number[]): TriggerBatch =>
  parseTrigger(numbers.map(bodyOf), {
    partitionContext: {
      fullyQualifiedNamespace: 'risk.servicebus.windows.net',
      eventHubName: 'entra-risk',
      partitionId: partition,
    },
    sequenceNumberArray: numbers,
    enqueuedTimeUtcArray: numbers.map((n) => (odd.includes(n) ? null : TIME)),
    systemPropertiesArray: numbers.map((n) => ({ offset: String(n), own: `of ${n}` })),
  })

async function namesIn(container: ContainerClient, containing: string): Promise<readonly string[]> {
  const names: string[] = []
  for await (const { name } of container.listBlobsFlat()) if (name.includes(containing)) names.push(name)
  return names
}
const kept = () => namesIn(deadLetters, `v1/${WITHOUT_POSITION_FOLDER}/`)
const contentOf = (name: string) => deadLetters.getBlockBlobClient(name).downloadToBuffer()

describe('a message without a position', () => {
  it('holds its batch three times, then is kept byte for byte while its neighbours go their way', async () => {
    const app = startApp()
    const batch = batchOf('0', [1, 2, 3], [2])
    for (const retryCount of [0, 1, 2])
      await expect(app.ingest(batch, retryCount, write)).rejects.toThrow(/1 of 3 messages.*no enqueued time/)
    expect(await namesIn(archive, 'p=0/')).toEqual([])
    await app.ingest(batch, 3, write)

    // One by one, so that no settled range spans the one that is not there.
    expect((await namesIn(archive, 'p=0/')).map((name) => Number(/p=0\/(\d+)-/.exec(name)?.[1]))).toEqual([
      1, 3,
    ])
    const names = await kept()
    expect(names.map((name) => name.split('.').at(-1))).toEqual(['bin', 'json'])
    expect(await contentOf(names[0] ?? '')).toEqual(bodyOf(2))
    expect(JSON.parse((await contentOf(names[1] ?? '')).toString())).toMatchObject({
      v: 1,
      reason: 'no enqueued time',
      namespace: 'risk.servicebus.windows.net',
      hub: 'entra-risk',
      partition: '0',
      reported: { index: 1, sequenceNumber: 2, systemProperties: { own: 'of 2' } },
    })
    expect(log.filter(([level]) => level === 'error').map(([, line]) => line)).toEqual([
      expect.stringMatching(/^A message came without a readable position.*no enqueued time$/),
    ])

    await app.ingest(batch, 3, write)
    expect(await kept(), 'run again it is kept once').toEqual(names)
    const now = instant(Date.now())
    expect(
      await deadLettersSince(deadLetters, [WITHOUT_POSITION_FOLDER], instant(now - 60_000), now, 0),
    ).toBe(1)
  })

  it('holds its batch for good in a process that never met one with a place: then the host is at fault', async () => {
    const app = startApp()
    const before = await kept()
    const alone = batchOf('1', [5], [5])
    for (const retryCount of [0, 3, 50])
      await expect(app.ingest(alone, retryCount, write)).rejects.toThrow(/1 of 1 messages/)
    await expect(app.ingest(batchOf('1', [5, 6], [5, 6]), 50, write)).rejects.toThrow(/2 of 2 messages/)
    expect(await kept()).toEqual(before)
    await app.ingest(batchOf('2', [1], []), 0, write)
    await app.ingest(alone, 51, write)
    expect((await kept()).length).toBe(before.length + 2)
  })

  it('is not kept before its neighbours are settled, and its batch not passed before it is kept', async () => {
    const app = startApp()
    const before = await kept()
    const batch = batchOf('3', [7, 8], [7])
    await archive.delete()
    await expect(app.ingest(batch, 3, write)).rejects.toMatchObject({ name: 'DurabilityError' })
    expect(await kept()).toEqual(before)
    await archive.create()
    await deadLetters.delete()
    await expect(app.ingest(batch, 3, write)).rejects.toMatchObject({ name: 'DurabilityError' })
    expect(log.filter(([level]) => level === 'error')).toEqual([])
  })
})
