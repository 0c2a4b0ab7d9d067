import { BlobServiceClient } from '@azure/storage-blob'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createStorage } from '../../../local/stack/create-storage.ts'
import { createApp } from '../../../shared/composition/create-app.ts'
import { systemTime } from '../../../shared/composition/system-time.ts'
import { readSettings } from '../../../shared/config/parse-settings.ts'
import { keepPoisonMessage } from '../../../shared/delivery/dead-letters/poison-messages.ts'
import { noFailpoint } from '../../../shared/delivery/failpoint.ts'
import { appSettings } from '../../support/app-settings.ts'
import { type StorageAccount, storageAccount } from '../../support/storage-account.ts'
import { virtualTime } from '../../support/virtual-time.ts'

let azurite: StorageAccount
beforeAll(async () => {
  azurite = await storageAccount()
  await createStorage(azurite.connectionString)
})
afterAll(() => azurite.stop())

it('what the host gave up on is kept byte for byte among the dead letters, whatever it is', async () => {
  let made = 0
  const app = createApp({
    settings: readSettings(appSettings(azurite, 'https://siem.example/hooks')),
    log: () => undefined,
    time: systemTime,
    newId: () => String(made++),
    failpoint: noFailpoint,
  })
  const texts = ['{"outboxPartition" : {"sink":"a"},  "n":12345678901234567890 }', 'no JSON', '']
  const bodies = [...texts.map((text) => Buffer.from(text)), Buffer.from([0xff, 0x00, 0xfe])]
  for (const body of bodies) await app.keepPoison(body)

  const container = BlobServiceClient.fromConnectionString(azurite.connectionString).getContainerClient(
    'deadletters',
  )
  const kept: string[] = []
  for await (const { name } of container.listBlobsFlat({ prefix: 'v1/poison/' }))
    kept.push((await container.getBlockBlobClient(name).downloadToBuffer()).toString('hex'))
  expect(kept.toSorted()).toEqual(bodies.map((body) => body.toString('hex')).toSorted())
})

it('a message that the host gave up on is kept under its day and an id', async () => {
  const container = BlobServiceClient.fromConnectionString(azurite.connectionString).getContainerClient(
    'poison',
  )
  await container.create()
  const time = virtualTime(Date.UTC(2026, 2, 1, 23, 59, 59))
  await keepPoisonMessage(container, Buffer.from('x'), time, () => 'some-id')
  const names: string[] = []
  for await (const { name } of container.listBlobsFlat()) names.push(name)
  expect(names).toEqual(['v1/poison/2026-03-01/some-id.txt'])
})
