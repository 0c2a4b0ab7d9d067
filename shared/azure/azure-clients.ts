import type { EventHubProducerClient } from '@azure/event-hubs'
import type { TokenCredential } from '@azure/identity'
import type { QueueClient } from '@azure/storage-queue'
import type { LeanContainer } from './lean-container.ts'
import type { LeanTable } from './lean-table.ts'

/**
 * Azure clients, created on first use: loading the SDKs dominates a cold start. A client that could
 * not be created is tried again on the next use.
 */
export interface AzureClients {
  credential(): Promise<TokenCredential>
  /** Of the archive account. */
  container(name: string): Promise<LeanContainer>
  /** Of the host account. */
  hostContainer(name: string): Promise<LeanContainer>
  table(name: string): Promise<LeanTable>
  queue(name: string): Promise<QueueClient>
  /** Sends to our hub, and describes its partitions. */
  hub(): Promise<EventHubProducerClient>
}
