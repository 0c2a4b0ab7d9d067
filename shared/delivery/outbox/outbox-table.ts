import { AS_STORED, type StoredEntity } from '../../azure/entity-value.ts'
import type { LeanTable } from '../../azure/lean-table.ts'
import { hasCode, hasStatus } from '../../azure/storage-condition.ts'
import { filterText } from '../../azure/table-key.ts'
import { DurabilityError } from '../../domain/durability-error.ts'
import type { Instant } from '../../domain/identifiers.ts'
import type { Time } from '../../domain/time.ts'
import { type LeaseState, notTriedBefore } from './lease.ts'
import { tableLeases } from './lease-table.ts'
import {
  keyOfTime,
  type Outbox,
  type OutboxPartition,
  type OutboxRow,
  type StoredRow,
  type UnreadableRow,
} from './outbox.ts'
import { ASIDE, LEASE_ROW, partitionKeyOf, rowEntity } from './outbox-entity.ts'
import { outboxSummary } from './outbox-summary.ts'
import { parseLeaseEntity, parseOutboxEntity } from './parse-outbox-entity.ts'

/** Most entities in one table transaction. */
const MAX_TRANSACTION = 100
/** Most entities in one query answer. */
const MAX_QUERY = 1000
/** Room for a lease, a row and a few that do not count. */
const FEW = 10
/** Properties that the service adds to an entity. */
const OF_THE_SERVICE = /^(?:etag|timestamp|odata\..*)$/
const ALREADY_THERE = 'EntityAlreadyExists'

/**
 * The outbox in a storage table: a table partition per outbox partition, a row per pending
 * delivery, and a lease row.
 */
export function tableOutbox(table: LeanTable, time: Pick<Time, 'now'>, newToken: () => string): Outbox {
  const leases = tableLeases(table, time, newToken)

  async function durably<T>(doing: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      throw new DurabilityError(doing, error)
    }
  }

  const entitiesOf = (outboxPartition: OutboxPartition, filter: string, maxPageSize: number) =>
    table
      .listEntities<StoredEntity>({
        ...AS_STORED,
        queryOptions: {
          filter: `PartitionKey eq ${filterText(partitionKeyOf(outboxPartition))} and ${filter}`,
        },
      })
      .byPage({ maxPageSize })

  async function rows(
    outboxPartition: OutboxPartition,
    limit: number,
    after: string,
  ): Promise<readonly StoredRow[]> {
    const found: StoredRow[] = []
    const filter = `RowKey gt ${filterText(after)} and RowKey lt ${filterText(ASIDE)}`
    for await (const entities of entitiesOf(outboxPartition, filter, Math.min(limit, MAX_QUERY))) {
      for (const row of entities.map(parseOutboxEntity)) if (typeof row === 'object') found.push(row)
      if (found.length >= limit) break
    }
    return found.slice(0, limit)
  }

  async function rowsOfBlob(
    outboxPartition: OutboxPartition,
    blob: string,
    from: Instant,
    to: Instant,
  ): Promise<readonly StoredRow[]> {
    const found: StoredRow[] = []
    const keys = `RowKey ge ${filterText(keyOfTime(from))} and RowKey lt ${filterText(keyOfTime(to + 1))}`
    const filter = `${keys} and blob eq ${filterText(blob)}`
    for await (const entities of entitiesOf(outboxPartition, filter, MAX_QUERY))
      for (const row of entities.map(parseOutboxEntity)) if (typeof row === 'object') found.push(row)
    return found
  }

  async function pendingUntil(outboxPartition: OutboxPartition): Promise<Instant | undefined> {
    let lease: LeaseState | undefined
    const filter = `RowKey ge ${filterText(LEASE_ROW)} and RowKey lt ${filterText(ASIDE)}`
    for await (const entities of entitiesOf(outboxPartition, filter, FEW)) {
      for (const entity of entities) {
        if (entity.rowKey === LEASE_ROW) lease = parseLeaseEntity(entity)
        else if (typeof parseOutboxEntity(entity) === 'object') return notTriedBefore(lease, time.now())
      }
    }
    return undefined
  }

  /**
   * Writes the rows that do not exist yet. An existing row may have been redelivered in part, and
   * keeps the age of its first attempt.
   */
  async function create(outboxPartition: OutboxPartition, some: readonly OutboxRow[]): Promise<void> {
    const entities = some.map((row) => rowEntity(outboxPartition, row))
    for (let i = 0; i < entities.length; i += MAX_TRANSACTION) {
      const together = entities.slice(i, i + MAX_TRANSACTION)
      const done = together.length > 1 && (await createTogether(together))
      if (!done) for (const entity of together) await createUnlessThere(entity)
    }
  }

  /** `false` if one of them exists already: a transaction is all or nothing. */
  async function createTogether(entities: readonly ReturnType<typeof rowEntity>[]): Promise<boolean> {
    try {
      await table.submitTransaction(entities.map((entity) => ['create', entity]))
      return true
    } catch (error) {
      if (!hasCode(error, ALREADY_THERE)) throw error
      return false
    }
  }

  async function createUnlessThere(entity: ReturnType<typeof rowEntity>): Promise<void> {
    try {
      await table.createEntity(entity)
    } catch (error) {
      if (!hasCode(error, ALREADY_THERE)) throw error
    }
  }

  async function remove(outboxPartition: OutboxPartition, some: readonly StoredRow[]): Promise<void> {
    const partitionKey = partitionKeyOf(outboxPartition)
    const keys = some.map(({ key }) => ({ partitionKey, rowKey: key }))
    for (let i = 0; i < keys.length; i += MAX_TRANSACTION) {
      const together = keys.slice(i, i + MAX_TRANSACTION)
      const done = together.length > 1 && (await removeTogether(together))
      if (!done) for (const key of together) await removeIfThere(key)
    }
  }

  /** `false` if one of them is already gone: a transaction is all or nothing. */
  async function removeTogether(keys: readonly UnreadableRow[]): Promise<boolean> {
    try {
      await table.submitTransaction(keys.map((key) => ['delete', { ...key }]))
      return true
    } catch (error) {
      if (!hasStatus(error, 404)) throw error
      return false
    }
  }

  async function removeIfThere({ partitionKey, rowKey }: UnreadableRow): Promise<void> {
    try {
      await table.deleteEntity(partitionKey, rowKey)
    } catch (error) {
      if (!hasStatus(error, 404)) throw error
    }
  }

  /** Moves a row to another key in its partition, atomically, with its properties unchanged. */
  async function setAside({ partitionKey, rowKey }: UnreadableRow): Promise<void> {
    try {
      const entity = await table.getEntity<StoredEntity>(partitionKey, rowKey, AS_STORED)
      const own = Object.entries(entity).filter(([name]) => !OF_THE_SERVICE.test(name))
      await table.submitTransaction([
        ['upsert', { ...Object.fromEntries(own), partitionKey, rowKey: `${ASIDE}${rowKey}` }, 'Replace'],
        ['delete', { partitionKey, rowKey }],
      ])
    } catch (error) {
      // Already gone, or in a form that the storage does not accept again: harmless where it is.
      if (!hasStatus(error, 400, 404)) throw error
    }
  }

  return {
    append: (outboxPartition, some) => durably('Writing to the outbox', () => create(outboxPartition, some)),
    pendingUntil: (outboxPartition) => durably('Reading the outbox', () => pendingUntil(outboxPartition)),
    rows: (outboxPartition, limit, after = LEASE_ROW) =>
      durably('Reading the outbox', () => rows(outboxPartition, limit, after)),
    rowsOfBlob: (...about) => durably('Reading the outbox', () => rowsOfBlob(...about)),
    remove: (outboxPartition, some) => durably('Settling the outbox', () => remove(outboxPartition, some)),
    replace: (outboxPartition, row) =>
      durably('Writing to the outbox', async () => {
        try {
          const { etag } = await table.updateEntity(rowEntity(outboxPartition, row), 'Replace', {
            etag: row.etag,
          })
          return etag === undefined ? undefined : { ...row, etag }
        } catch (error) {
          // This drain's lease ran out, and another drain settled the row or part of it.
          if (!hasStatus(error, 404, 412)) throw error
          return undefined
        }
      }),
    acquire: (outboxPartition, ms) =>
      durably('Taking an outbox partition', () => leases.acquire(outboxPartition, ms)),
    renew: (lease, ms) => durably('Keeping an outbox partition', () => leases.renew(lease, ms)),
    release: (lease, dueAt) => durably('Giving an outbox partition back', () => leases.release(lease, dueAt)),
    pendingPartitions: (sink) =>
      durably(
        'Reading the outbox',
        async () => (await outboxSummary(table, time.now(), sink)).pendingPartitions,
      ),
    summary: () => durably('Reading the outbox', () => outboxSummary(table, time.now())),
    setAside: (row) => durably('Setting aside a row of the outbox', () => setAside(row)),
  }
}
