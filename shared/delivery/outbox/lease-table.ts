import type { TableClient } from '@azure/data-tables'
import { AS_STORED, type StoredEntity } from '../../azure/entity-value.ts'
import { hasCode, hasStatus } from '../../azure/storage-condition.ts'
import type { Time } from '../../domain/time.ts'
import { isAttended, type LeaseState } from './lease.ts'
import type { Lease, Outbox, OutboxPage } from './outbox.ts'
import { LEASE_ROW, leaseEntity, partitionKeyOf } from './outbox-entity.ts'
import { parseLeaseEntity } from './parse-outbox-entity.ts'

/** Leases of pages, one row each, changed by compare-and-swap. Methods throw as the table's client does. */
export function tableLeases(
  table: TableClient,
  time: Pick<Time, 'now'>,
  newToken: () => string,
): Pick<Outbox, 'acquire' | 'renew' | 'release'> {
  /** `undefined` when the lease row changed since it was read. */
  async function write(
    page: OutboxPage,
    state: Omit<LeaseState, 'writtenAtMs'>,
    etag: string | undefined,
  ): Promise<string | undefined> {
    const entity = leaseEntity(page, { ...state, writtenAtMs: time.now() })
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

  async function read(page: OutboxPage): Promise<(LeaseState & { readonly etag: string }) | undefined> {
    try {
      const entity = await table.getEntity<StoredEntity>(partitionKeyOf(page), LEASE_ROW, AS_STORED)
      return { ...parseLeaseEntity(entity), etag: entity.etag }
    } catch (error) {
      if (hasCode(error, 'ResourceNotFound')) return undefined
      throw error
    }
  }

  async function take(
    page: OutboxPage,
    token: string,
    ms: number,
    before: string | undefined,
  ): Promise<Lease | undefined> {
    const etag = await write(page, { token, heldUntilMs: time.now() + ms, dueAtMs: 0 }, before)
    return etag === undefined ? undefined : { page, token, etag }
  }

  return {
    async acquire(page, ms) {
      const current = await read(page)
      return isAttended(current, time.now()) ? undefined : take(page, newToken(), ms, current?.etag)
    },
    renew: ({ page, token, etag }, ms) => take(page, token, ms, etag),
    async release({ page, etag }, dueAt) {
      await write(page, { token: '', heldUntilMs: 0, dueAtMs: dueAt ?? 0 }, etag)
    },
  }
}
