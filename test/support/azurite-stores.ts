import { createDefaultHttpClient } from '@azure/core-rest-pipeline'
import { TableClient } from '@azure/data-tables'
import { type QueueClient, QueueServiceClient } from '@azure/storage-queue'
import { LeanContainer } from '../../shared/azure/lean-container.ts'
import { type LeanTable, leanTable } from '../../shared/azure/lean-table.ts'
import { type StorageAccount, storageAccount } from './storage-account.ts'

/** A storage account of one's own. */
export interface AzuriteStores {
  readonly azurite: StorageAccount
  /** A new one at every call. */
  container(): Promise<LeanContainer>
  table(): Promise<LeanTable>
  queue(): Promise<QueueClient>
  stop(): Promise<void>
}

export async function azuriteStores(): Promise<AzuriteStores> {
  const azurite = await storageAccount()
  const { connectionString } = azurite
  const queues = QueueServiceClient.fromConnectionString(connectionString)
  let made = 0
  return {
    azurite,
    async container() {
      const container = new LeanContainer(connectionString, `container${made++}`)
      await container.create()
      return container
    },
    async table() {
      const table = TableClient.fromConnectionString(connectionString, `table${made++}`, {
        allowInsecureConnection: true,
        retryOptions: { maxRetries: 0 },
      })
      await table.createTable()
      return leanTable(table, createDefaultHttpClient())
    },
    async queue() {
      const queue = queues.getQueueClient(`queue${made++}`)
      await queue.create()
      return queue
    },
    stop: () => azurite.stop(),
  }
}
