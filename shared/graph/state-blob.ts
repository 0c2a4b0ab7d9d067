import type { BlobLeaseClient, BlockBlobClient, ContainerClient } from '@azure/storage-blob'
import type { LeanContainer } from '../azure/lean-container.ts'
import { readIfThere } from '../azure/read-bytes.ts'
import { hasStatus } from '../azure/storage-condition.ts'
import type { Time } from '../domain/time.ts'
import { parseState, type ReconcileState, stateText } from './reconcile-state.ts'

const NAME = 'graph/v1/state.json'
/** Azure's maximum for a fixed lease; it expires if the process dies. */
const LEASE_SECONDS = 60
const RENEW_EVERY_MS = 20_000

/** Work done while holding the lease; `signal` aborts if the lease is lost. */
export type LeasedWork<T> = (
  state: ReconcileState,
  save: (state: ReconcileState) => Promise<void>,
  signal: AbortSignal,
) => Promise<T>

/**
 * Reconciliation state shared by all processes. Its lease lets one process at a time call Graph,
 * since the limit of one request per second applies to the tenant.
 */
export interface StateBlob {
  read(): Promise<ReconcileState>
  /** @returns `busy` if another process holds the lease */
  withLease<T>(work: LeasedWork<T>, signal: AbortSignal): Promise<T | 'busy'>
}

/** @param container created on first use */
export function stateBlob(container: LeanContainer, time: Pick<Time, 'sleep'>): StateBlob {
  const blob = container.getBlockBlobClient(NAME)

  async function read(): Promise<ReconcileState> {
    return parseState((await readIfThere(container, NAME))?.content.toString() ?? '')
  }

  return {
    read,
    async withLease(work, signal) {
      const lease = blob.getBlobLeaseClient()
      if (!(await acquired(lease, container, blob))) return 'busy'
      const over = new AbortController()
      const { signal: working } = over
      signal.addEventListener('abort', () => over.abort(), { signal: working })
      const renewing = keepLease(lease, over, time)
      try {
        const save = async (state: ReconcileState): Promise<void> => {
          const text = stateText(state)
          await blob.upload(text, Buffer.byteLength(text), { conditions: { leaseId: lease.leaseId } })
        }
        return await work(await read(), save, working)
      } finally {
        over.abort()
        await renewing
        // An unreleased lease expires.
        await lease.releaseLease().catch(() => undefined)
      }
    },
  }
}

async function acquired(
  lease: BlobLeaseClient,
  container: ContainerClient,
  blob: BlockBlobClient,
): Promise<boolean> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      await lease.acquireLease(LEASE_SECONDS)
      return true
    } catch (error) {
      if (hasStatus(error, 409)) return false
      if (!hasStatus(error, 404) || attempt > 0) throw error
      await container.createIfNotExists()
      await created(blob)
    }
  }
}

async function created(blob: BlockBlobClient): Promise<void> {
  try {
    await blob.upload('', 0, { conditions: { ifNoneMatch: '*' } })
  } catch (error) {
    // Another process was first.
    if (!hasStatus(error, 409, 412)) throw error
  }
}

/** Renews the lease until the work is done; aborts the work if the lease is lost. */
async function keepLease(
  lease: BlobLeaseClient,
  over: AbortController,
  time: Pick<Time, 'sleep'>,
): Promise<void> {
  const { signal } = over
  while (!signal.aborted) {
    await time.sleep(RENEW_EVERY_MS, signal)
    if (signal.aborted) return
    try {
      await lease.renewLease()
    } catch {
      over.abort()
    }
  }
}
