import { AS_STORED, type StoredEntity } from '../../azure/entity-value.ts'
import type { LeanTable } from '../../azure/lean-table.ts'
import { hasCode, hasStatus } from '../../azure/storage-condition.ts'
import type { Time } from '../../domain/time.ts'
import { isHeldOrDelayed, type LeaseState } from './lease.ts'
import type { Lease, Outbox, OutboxPartition } from './outbox.ts'
import { LEASE_ROW, leaseEntity, partitionKeyOf } from './outbox-entity.ts'
import { parseLeaseEntity } from './parse-outbox-entity.ts'

/**
 * Leases, one row per outbox partition, changed by compare-and-swap. Throws what the table throws.
 */
export function tableLeases(
  table: LeanTable,
  time: Pick<Time, 'now'>,
  newToken: () => string,
): Pick<Outbox, 'acquire' | 'renew' | 'release'> {
  /** `undefined` if the lease row changed since it was read. */
  async function write(
    outboxPartition: OutboxPartition,
    state: Omit<LeaseState, 'writtenAtMs'>,
    etag: string | undefined,
  ): Promise<string | undefined> {
    const entity = leaseEntity(outboxPartition, { ...state, writtenAtMs: time.now() })
    try {
      const { etag: written } =
        etag === undefined
          ? await table.createEntity(entity)
          : await table.updateEntity(entity, 'Replace', { etag })
      return written
    } catch (error) {
      if (hasCode(error, 'EntityAlreadyExists') || hasStatus(error, 412)) return undefined
      throw error
    }
  }

  async function read(
    outboxPartition: OutboxPartition,
  ): Promise<(LeaseState & { readonly etag: string }) | undefined> {
    try {
      const entity = await table.getEntity<StoredEntity>(
        partitionKeyOf(outboxPartition),
        LEASE_ROW,
        AS_STORED,
      )
      return { ...parseLeaseEntity(entity), etag: entity.etag }
    } catch (error) {
      if (hasCode(error, 'ResourceNotFound')) return undefined
      throw error
    }
  }

  async function take(
    outboxPartition: OutboxPartition,
    token: string,
    ms: number,
    before: string | undefined,
  ): Promise<Lease | undefined> {
    const etag = await write(outboxPartition, { token, heldUntilMs: time.now() + ms, dueAtMs: 0 }, before)
    return etag === undefined ? undefined : { outboxPartition, token, etag }
  }

  return {
    async acquire(outboxPartition, ms) {
      const current = await read(outboxPartition)
      return isHeldOrDelayed(current, time.now())
        ? undefined
        : take(outboxPartition, newToken(), ms, current?.etag)
    },
    renew: ({ outboxPartition, token, etag }, ms) => take(outboxPartition, token, ms, etag),
    async release({ outboxPartition, etag }, dueAt) {
      await write(outboxPartition, { token: '', heldUntilMs: 0, dueAtMs: dueAt ?? 0 }, etag)
    },
  }
}
