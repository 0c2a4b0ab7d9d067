import { TableServiceClient } from '@azure/data-tables'
import { BlobServiceClient } from '@azure/storage-blob'
import { QueueServiceClient } from '@azure/storage-queue'
import { WAKE_UP_QUEUE } from '../../shared/delivery/outbox/wake-up-queue.ts'
import { CONTAINERS, TABLES } from './names.ts'

const ignoreConflict = (error: unknown): void => {
  if (typeof error === 'object' && error !== null && 'statusCode' in error && error.statusCode === 409) return
  throw error
}

/**
 * Creates the containers, tables and queue that the infrastructure creates in Azure, if missing.
 */
export async function createStorage(connectionString: string): Promise<void> {
  const blobs = BlobServiceClient.fromConnectionString(connectionString)
  const queues = QueueServiceClient.fromConnectionString(connectionString)
  const tables = TableServiceClient.fromConnectionString(connectionString, { allowInsecureConnection: true })
  await Promise.all([
    ...CONTAINERS.map((name) => blobs.getContainerClient(name).createIfNotExists()),
    ...TABLES.map((name) => tables.createTable(name).catch(ignoreConflict)),
    queues.getQueueClient(WAKE_UP_QUEUE).createIfNotExists(),
    queues.getQueueClient(`${WAKE_UP_QUEUE}-poison`).createIfNotExists(),
  ])
}
