import type { TableClient } from '@azure/data-tables'
import type { EventHubProducerClient } from '@azure/event-hubs'
import type { TokenCredential } from '@azure/identity'
import type { ContainerClient } from '@azure/storage-blob'
import type { QueueClient } from '@azure/storage-queue'

/**
 * The Azure clients, each made when first needed: loading the SDKs takes longer than everything
 * else at a cold start. A client that could not be made is tried again at the next need.
 */
export interface AzureClients {
  credential(): Promise<TokenCredential>
  /** Of the archive account. */
  container(name: string): Promise<ContainerClient>
  /** Of the host account. */
  hostContainer(name: string): Promise<ContainerClient>
  table(name: string): Promise<TableClient>
  queue(name: string): Promise<QueueClient>
  /** Sends to our hub, and tells its partitions. */
  hub(): Promise<EventHubProducerClient>
}
