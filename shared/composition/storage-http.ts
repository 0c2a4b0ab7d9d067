import type { TokenCredential } from '@azure/identity'
import type { LeanContainer } from '../azure/lean-container.ts'
import type { StorageAccess } from '../config/parse-settings.ts'
import type { Time } from '../domain/time.ts'
import { memo } from '../pipeline/memo.ts'

const STORAGE_RETRIES = { maxTries: 3, retryDelayInMs: 200, maxRetryDelayInMs: 2000 }

/**
 * One HTTP client for all clients of storages, created on first use: every call is bounded, and
 * connections are shared.
 */
export function storageHttp(time: Pick<Time, 'now' | 'limit' | 'monotonicMs'>, answerTimeoutMs?: number) {
  const http = memo(async () => {
    const [{ boundedClient }, { clampRetryAfter }] = await Promise.all([
      import('../azure/bounded-client.ts'),
      import('./clamp-retry-after.ts'),
    ])
    return clampRetryAfter(boundedClient(time, answerTimeoutMs), time)
  })
  const storageOptions = memo(async () => {
    const [httpClient, { olderClient }] = await Promise.all([http(), import('../azure/older-client.ts')])
    return { retryOptions: STORAGE_RETRIES, httpClient: olderClient(httpClient) }
  })
  return { http, storageOptions }
}

/** Makes clients of containers, in whichever account. */
export const blobContainers =
  (
    credential: () => Promise<TokenCredential>,
    storageOptions: ReturnType<typeof storageHttp>['storageOptions'],
  ) =>
  async (name: string, access: StorageAccess<{ readonly uri: string }>): Promise<LeanContainer> => {
    const [{ BlobServiceClient }, { LeanContainer }, options] = await Promise.all([
      import('@azure/storage-blob'),
      import('../azure/lean-container.ts'),
      storageOptions(),
    ])
    const service =
      access.by === 'connectionString'
        ? BlobServiceClient.fromConnectionString(access.connectionString, options)
        : new BlobServiceClient(access.uri, await credential(), options)
    const { url, credential: own } = service.getContainerClient(name)
    return new LeanContainer(url, own, options)
  }
