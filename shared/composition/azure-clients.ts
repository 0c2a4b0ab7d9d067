import type { TableClient } from '@azure/data-tables'
import type { EventHubProducerClient } from '@azure/event-hubs'
import type { TokenCredential } from '@azure/identity'
import type { ContainerClient } from '@azure/storage-blob'
import type { QueueClient } from '@azure/storage-queue'
import type { AppSettings, StorageAccess } from '../config/parse-settings.ts'
import { boundedClient } from './bounded-client.ts'

/**
 * The Azure clients, each made when first needed: loading the SDKs takes longer than everything else at a cold start. A client that
 * could not be made is tried again at the next need.
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

const STORAGE = {
  retryOptions: { maxTries: 3, retryDelayInMs: 200, maxRetryDelayInMs: 2000, tryTimeoutInMs: 30_000 },
}

export function azureClients(
  settings: AppSettings,
  credential: () => Promise<TokenCredential>,
): AzureClients {
  const { archiveStorage, hostStorage } = settings

  async function container(
    name: string,
    access: StorageAccess<{ readonly uri: string }>,
  ): Promise<ContainerClient> {
    const { BlobServiceClient } = await import('@azure/storage-blob')
    const service =
      access.by === 'connectionString'
        ? BlobServiceClient.fromConnectionString(access.connectionString, STORAGE)
        : new BlobServiceClient(access.uri, await credential(), STORAGE)
    return service.getContainerClient(name)
  }

  return {
    credential,
    container: (name) =>
      container(
        name,
        archiveStorage.by === 'connectionString'
          ? archiveStorage
          : { by: 'identity', uri: archiveStorage.blobServiceUri },
      ),
    hostContainer: (name) =>
      container(
        name,
        hostStorage.by === 'connectionString'
          ? hostStorage
          : { by: 'identity', uri: hostStorage.blobServiceUri },
      ),
    async hub() {
      const { EventHubProducerClient } = await import('@azure/event-hubs')
      const { connectionString, namespace, name } = settings.eventHub
      const retryOptions = { maxRetries: 2, retryDelayInMs: 500, timeoutInMs: 15_000 }
      if (connectionString !== undefined) {
        // A connection string that names its hub must not be given another.
        const named = /EntityPath=/i.test(connectionString)
          ? connectionString
          : `${connectionString};EntityPath=${name}`
        return new EventHubProducerClient(named, { retryOptions })
      }
      return new EventHubProducerClient(namespace ?? '', name, await credential(), { retryOptions })
    },
    async table(name) {
      const { TableClient } = await import('@azure/data-tables')
      const options = {
        retryOptions: { maxRetries: 2, retryDelayInMs: 200, maxRetryDelayInMs: 2000 },
        httpClient: boundedClient(),
      }
      return hostStorage.by === 'connectionString'
        ? TableClient.fromConnectionString(hostStorage.connectionString, name, {
            ...options,
            allowInsecureConnection: true,
          })
        : new TableClient(hostStorage.tableServiceUri, name, await credential(), options)
    },
    async queue(name) {
      const { QueueServiceClient } = await import('@azure/storage-queue')
      const service =
        hostStorage.by === 'connectionString'
          ? QueueServiceClient.fromConnectionString(hostStorage.connectionString, STORAGE)
          : new QueueServiceClient(hostStorage.queueServiceUri, await credential(), STORAGE)
      return service.getQueueClient(name)
    },
  }
}

/** The app's own identity in Azure. */
export async function managedIdentity(clientId: string | undefined): Promise<TokenCredential> {
  const { ManagedIdentityCredential } = await import('@azure/identity')
  return clientId === undefined
    ? new ManagedIdentityCredential()
    : new ManagedIdentityCredential({ clientId })
}
