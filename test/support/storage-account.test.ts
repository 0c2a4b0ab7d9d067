import { TableClient } from '@azure/data-tables'
import { BlobServiceClient } from '@azure/storage-blob'
import { QueueServiceClient } from '@azure/storage-queue'
import { expect, it } from 'vitest'
import { type StorageAccount, storageAccount } from './storage-account.ts'

const NAME = 'same'
const table = ({ connectionString }: StorageAccount) =>
  TableClient.fromConnectionString(connectionString, NAME, { allowInsecureConnection: true })
const blobs = ({ connectionString }: StorageAccount) =>
  BlobServiceClient.fromConnectionString(connectionString).getContainerClient(NAME)
const queue = ({ connectionString }: StorageAccount) =>
  QueueServiceClient.fromConnectionString(connectionString).getQueueClient(NAME)

it('two files that share an Azurite see nothing of each other, under the same names', async () => {
  const [one, other] = [await storageAccount(), await storageAccount()]
  for (const account of [one, other])
    await Promise.all([table(account).createTable(), blobs(account).create(), queue(account).create()])
  await table(one).createEntity({ partitionKey: 'a', rowKey: 'b' })
  await blobs(one).getBlockBlobClient('blob').upload('text', 4)
  await queue(one).sendMessage('text')

  await expect(table(other).getEntity('a', 'b')).rejects.toMatchObject({ statusCode: 404 })
  expect(await blobs(other).getBlockBlobClient('blob').exists()).toBe(false)
  expect((await queue(other).peekMessages()).peekedMessageItems).toEqual([])

  await other.stop()
  expect(await blobs(other).exists()).toBe(false)
  expect(await blobs(one).getBlockBlobClient('blob').exists()).toBe(true)
})
