import type { AzureClients } from '../azure/azure-clients.ts'
import { boundedClient } from '../azure/bounded-client.ts'
import type { AppSettings } from '../config/parse-settings.ts'
import type { ReachFailpoint } from '../delivery/failpoint.ts'
import { instant } from '../domain/identifiers.ts'
import type { Time } from '../domain/time.ts'
import { VERSION } from '../domain/version.ts'
import { blobLogStore } from '../evidence/blob-log-store.ts'
import { keyVaultKeys } from '../evidence/keys/key-vault-keys.ts'
import { localKeys } from '../evidence/keys/local-keys.ts'
import type { SigningKeys } from '../evidence/keys/signing-keys.ts'
import { type SealReport, seal } from '../evidence/seal/seal.ts'
import type { PartitionState, SealPorts } from '../evidence/seal/seal-ports.ts'
import { sealedArchive } from '../evidence/seal/sealed-archive.ts'
import { timestampAuthority } from '../evidence/timestamp.ts'
import { clampRetryAfter } from './clamp-retry-after.ts'
import { logContainers } from './log-containers.ts'

/** After this no further commit is begun; the next run goes on. */
const TIMEOUT_MS = 8 * 60_000

/** What a sealer reports while it works. */
export interface SealerOptions {
  readonly onProblem: SealPorts['onProblem']
  readonly failpoint: ReachFailpoint
  /** A new random UUID. */
  readonly newId: () => string
}

/** Adds what is new in the archive to the log, and signs its head. */
export type Sealer = (options: SealerOptions) => Promise<SealReport>

/** Where a log is, without a scheme: its name for everyone. */
const originOf = (url: string): string => {
  const { host, pathname } = new URL(url)
  return `${host}${pathname}`
}

async function partitionsOf(clients: AzureClients): Promise<readonly PartitionState[]> {
  const hub = await clients.hub()
  try {
    const { createdOn, partitionIds, name } = await hub.getEventHubProperties()
    return await Promise.all(
      partitionIds.map(async (partition) => {
        const properties = await hub.getPartitionProperties(partition)
        return {
          namespace: hub.fullyQualifiedNamespace,
          hub: name,
          hubCreatedAt: instant(createdOn.getTime()),
          partition,
          isEmpty: properties.isEmpty,
          beginningSequenceNumber: properties.beginningSequenceNumber,
          lastSequenceNumber: properties.lastEnqueuedSequenceNumber,
          lastEnqueuedAt: instant(properties.lastEnqueuedOnUtc.getTime()),
        }
      }),
    )
  } finally {
    await hub.close()
  }
}

async function keysOf(
  { evidence: { key } }: AppSettings,
  clients: AzureClients,
  time: Time,
): Promise<SigningKeys | undefined> {
  if (key === undefined) return undefined
  if (key.by === 'local') return localKeys(key.pem)
  const httpClient = clampRetryAfter(boundedClient(time), time)
  return keyVaultKeys({ ...key, credential: await clients.credential(), httpClient })
}

export async function createSealer(
  settings: AppSettings,
  clients: AzureClients,
  time: Time,
): Promise<Sealer> {
  const { evidence } = settings
  const [archive, containers, keys] = await Promise.all([
    clients.container('archive'),
    logContainers(settings, clients),
    keysOf(settings, clients, time),
  ])
  return async ({ onProblem, failpoint, newId }) => {
    const limit = time.limit(TIMEOUT_MS)
    const { timestampUrl } = evidence
    try {
      return await seal(
        {
          archive: sealedArchive(archive, time),
          log: blobLogStore(containers, time),
          keys,
          partitions: () => partitionsOf(clients),
          timestamp:
            timestampUrl === undefined
              ? undefined
              : timestampAuthority(timestampUrl, boundedClient(time), newId),
          onProblem,
          failpoint,
          signal: limit.signal,
        },
        {
          origin: originOf(containers.log.url),
          settleMs: evidence.settleMs,
          lookBackMs: evidence.lookBackMs,
          programVersion: VERSION,
        },
      )
    } finally {
      limit.end()
    }
  }
}
