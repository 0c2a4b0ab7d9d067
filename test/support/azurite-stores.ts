import { TableClient } from '@azure/data-tables'
import { BlobServiceClient, type ContainerClient } from '@azure/storage-blob'
import { type QueueClient, QueueServiceClient } from '@azure/storage-queue'
import { type StorageAccount, storageAccount } from './storage-account.ts'

/** A storage account of one's own. */
export interface AzuriteStores {
  readonly azurite: StorageAccount
  /** A new one at every call. */
  container(): Promise<ContainerClient>
  table(): Promise<TableClient>
  queue(): Promise<QueueClient>
  stop(): Promise<void>
}

export async function azuriteStores(): Promise<AzuriteStores> {
  const azurite = await storageAccount()
  const { connectionString } = azurite
  const blobs = BlobServiceClient.fromConnectionString(connectionString)
  const queues = QueueServiceClient.fromConnectionString(connectionString)
  let made = 0
  return {
    azurite,
    async container() {
      const container = blobs.getContainerClient(`container${made++}`)
      await container.create()
      return container
    },
    async table() {
      const table = TableClient.fromConnectionString(connectionString, `table${made++}`, {
        allowInsecureConnection: true,
        retryOptions: { maxRetries: 0 },
      })
      await table.createTable()
      return table
    },
    async queue() {
      const queue = queues.getQueueClient(`queue${made++}`)
      await queue.create()
      return queue
    },
    stop: () => azurite.stop(),
  }
}
