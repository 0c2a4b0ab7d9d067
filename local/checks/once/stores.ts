import { randomUUID } from 'node:crypto'
import { TableClient } from '@azure/data-tables'
import { BlobServiceClient, type ContainerClient } from '@azure/storage-blob'
import { LeanContainer } from '../../../shared/azure/lean-container.ts'
import type { Outbox } from '../../../shared/delivery/outbox/outbox.ts'
import { tableOutbox } from '../../../shared/delivery/outbox/outbox-table.ts'
import { fixedContainerOf, LOG_CONTAINER } from '../../../shared/evidence/log-layout.ts'

/** Direct access to the program's storage, for checks. */
export interface Stores {
  readonly archive: LeanContainer
  readonly deadLetters: ContainerClient
  readonly receipts: ContainerClient
  /** The log of the archive: what may be written again, and what may not. */
  readonly log: ContainerClient
  readonly fixedLog: ContainerClient
  /** The container of the Functions host. */
  readonly checkpoints: ContainerClient
  readonly outbox: Outbox
}

export function storesOf(connectionString: string, nowMs: () => number): Stores {
  const blobs = BlobServiceClient.fromConnectionString(connectionString)
  const table = TableClient.fromConnectionString(connectionString, 'outbox', {
    allowInsecureConnection: true,
  })
  return {
    archive: new LeanContainer(connectionString, 'archive'),
    deadLetters: blobs.getContainerClient('deadletters'),
    receipts: blobs.getContainerClient('receipts'),
    log: blobs.getContainerClient(LOG_CONTAINER),
    fixedLog: blobs.getContainerClient(fixedContainerOf(LOG_CONTAINER)),
    checkpoints: blobs.getContainerClient('azure-webjobs-eventhub'),
    outbox: tableOutbox(table, { now: nowMs }, randomUUID),
  }
}
