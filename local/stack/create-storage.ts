import { TableServiceClient } from '@azure/data-tables'
import { BlobServiceClient } from '@azure/storage-blob'
import { QueueServiceClient } from '@azure/storage-queue'
import { CONTAINERS, QUEUES, TABLES } from './names.ts'

const ignoreConflict = (error: unknown): void => {
  if (typeof error === 'object' && error !== null && 'statusCode' in error && error.statusCode === 409) return
  throw error
}

/**
 * Creates the containers, tables and queues that the infrastructure creates in Azure, if missing.
 */
export async function createStorage(connectionString: string): Promise<void> {
  const blobs = BlobServiceClient.fromConnectionString(connectionString)
  const queues = QueueServiceClient.fromConnectionString(connectionString)
  const tables = TableServiceClient.fromConnectionString(connectionString, { allowInsecureConnection: true })
  await Promise.all([
    ...CONTAINERS.map((name) => blobs.getContainerClient(name).createIfNotExists()),
    ...TABLES.map((name) => tables.createTable(name).catch(ignoreConflict)),
    ...QUEUES.map((name) => queues.getQueueClient(name).createIfNotExists()),
  ])
}
