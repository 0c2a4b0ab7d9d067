import type { TokenCredential } from '@azure/identity'
import type { AzureClients } from '../azure/azure-clients.ts'
import { withEntityPath } from '../config/connection-string.ts'
import type { AppSettings } from '../config/parse-settings.ts'
import type { Time } from '../domain/time.ts'
import { blobContainers, storageHttp } from './storage-http.ts'

const TABLE_RETRIES = { maxRetries: 2, retryDelayInMs: 200, maxRetryDelayInMs: 2000 }

/** @param answerTimeoutMs longest wait for a storage answer; default: that of `boundedClient` */
export function azureClients(
  settings: AppSettings,
  credential: () => Promise<TokenCredential>,
  time: Pick<Time, 'now' | 'limit' | 'monotonicMs'>,
  answerTimeoutMs?: number,
): AzureClients {
  const { archiveStorage, hostStorage } = settings
  const { http, storageOptions } = storageHttp(time, answerTimeoutMs)
  const container = blobContainers(credential, storageOptions)

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
        return new EventHubProducerClient(withEntityPath(connectionString, name), { retryOptions })
      }
      return new EventHubProducerClient(namespace ?? '', name, await credential(), { retryOptions })
    },
    async table(name) {
      const [{ TableClient }, { leanTable }, httpClient] = await Promise.all([
        import('@azure/data-tables'),
        import('../azure/lean-table.ts'),
        http(),
      ])
      const options = { retryOptions: TABLE_RETRIES, httpClient }
      const table =
        hostStorage.by === 'connectionString'
          ? TableClient.fromConnectionString(hostStorage.connectionString, name, {
              ...options,
              allowInsecureConnection: true,
            })
          : new TableClient(hostStorage.tableServiceUri, name, await credential(), options)
      return leanTable(table, httpClient)
    },
    async queue(name) {
      const [{ QueueServiceClient }, options] = await Promise.all([
        import('@azure/storage-queue'),
        storageOptions(),
      ])
      const service =
        hostStorage.by === 'connectionString'
          ? QueueServiceClient.fromConnectionString(hostStorage.connectionString, options)
          : new QueueServiceClient(hostStorage.queueServiceUri, await credential(), options)
      return service.getQueueClient(name)
    },
  }
}
