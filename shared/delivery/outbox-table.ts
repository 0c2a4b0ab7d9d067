import type { TableClient, TransactionAction } from '@azure/data-tables'
import { DurabilityError } from '../domain/durability-error.ts'
import { instant } from '../domain/identifiers.ts'
import type { Time } from '../domain/time.ts'
import type { Lease, Outbox, OutboxPage, OutboxRow, OwingPage, StoredRow } from './outbox.ts'
import {
  type Entity,
  type LeaseState,
  parseLeaseEntity,
  parseOutboxEntity,
  ROW_VERSION,
} from './parse-outbox-entity.ts'
import { hasCode, hasStatus } from './storage-condition.ts'
import { joinKey, splitKey } from './table-key.ts'

/** Sorts before every row of its page. */
const LEASE_ROW = '!lease'
/** Most entities in one table transaction. */
const MAX_TRANSACTION = 100
/** Most entities in one answer to a query. */
const MAX_QUERY = 1000
const ALREADY_THERE = 'EntityAlreadyExists'
const MAX_PAGES = 10_000

const partitionKeyOf = ({ sink, namespace, hub, partition }: OutboxPage): string =>
  joinKey(sink, namespace, hub, partition)

function pageOfKey(partitionKey: string): OutboxPage {
  const [sink = '', namespace = '', hub = '', partition = ''] = splitKey(partitionKey)
  return { sink, namespace, hub, partition }
}

const long = (value: number): { type: 'Int64'; value: string } => ({ type: 'Int64', value: String(value) })

const entityOf = (page: OutboxPage, row: OutboxRow) => ({
  partitionKey: partitionKeyOf(page),
  rowKey: row.key,
  version: ROW_VERSION,
  blob: row.blob,
  lines: row.lines,
  events: row.events,
  enqueuedAtMs: long(row.enqueuedAt),
  firstTriedAtMs: long(row.firstTriedAt),
  attempts: row.attempts,
  ...(row.lastFault === undefined
    ? {}
    : { faultCode: row.lastFault.code, faultMessage: row.lastFault.message.slice(0, 1000) }),
  ...(row.mode === undefined ? {} : { mode: row.mode }),
  ...(row.lookAgainAt === undefined ? {} : { lookAgainAtMs: long(row.lookAgainAt) }),
})

const leaseEntityOf = (page: OutboxPage, state: LeaseState) => ({
  partitionKey: partitionKeyOf(page),
  rowKey: LEASE_ROW,
  version: ROW_VERSION,
  token: state.token,
  heldUntilMs: long(state.heldUntilMs),
  dueAtMs: long(state.dueAtMs),
})

/** The ledger in a storage table: a partition per page, a row per debt, and a row for the lease. */
export function tableOutbox(table: TableClient, time: Pick<Time, 'now'>, newToken: () => string): Outbox {
  const rowsOf = (page: OutboxPage) => ({
    queryOptions: {
      filter: `PartitionKey eq '${partitionKeyOf(page).replaceAll("'", "''")}' and RowKey gt '${LEASE_ROW}'`,
    },
  })

  async function durably<T>(doing: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      throw new DurabilityError(doing, error)
    }
  }

  async function transact(actions: readonly TransactionAction[]): Promise<void> {
    for (let i = 0; i < actions.length; i += MAX_TRANSACTION) {
      await table.submitTransaction(actions.slice(i, i + MAX_TRANSACTION))
    }
  }

  async function deleteIfThere(partitionKey: string, rowKey: string): Promise<void> {
    try {
      await table.deleteEntity(partitionKey, rowKey)
    } catch (error) {
      if (!hasStatus(error, 404)) throw error
    }
  }

  /** The first rows that this program knows; those of a newer one neither count nor block. */
  async function firstRows(page: OutboxPage, limit: number): Promise<readonly StoredRow[]> {
    const rows: StoredRow[] = []
    const pages = table.listEntities<Entity>(rowsOf(page)).byPage({ maxPageSize: Math.min(limit, MAX_QUERY) })
    for await (const entities of pages) {
      rows.push(...entities.map(parseOutboxEntity).filter((row) => row !== undefined))
      if (rows.length >= limit) break
    }
    return rows.slice(0, limit)
  }

  /** Writes rows that are not there yet. One that is there may have been paid in part, and its age counts from its first trial. */
  async function create(page: OutboxPage, rows: readonly OutboxRow[]): Promise<void> {
    const entities = rows.map((row) => entityOf(page, row))
    for (let i = 0; i < entities.length; i += MAX_TRANSACTION) {
      const some = entities.slice(i, i + MAX_TRANSACTION)
      const done = some.length > 1 && (await createTogether(some))
      if (!done) for (const entity of some) await createUnlessThere(entity)
    }
  }

  /** `false` when one of them is there already: a transaction is all or nothing. */
  async function createTogether(entities: readonly ReturnType<typeof entityOf>[]): Promise<boolean> {
    try {
      await table.submitTransaction(entities.map((entity) => ['create', entity]))
      return true
    } catch (error) {
      if (!hasCode(error, ALREADY_THERE)) throw error
      return false
    }
  }

  async function createUnlessThere(entity: ReturnType<typeof entityOf>): Promise<void> {
    try {
      await table.createEntity(entity)
    } catch (error) {
      if (!hasCode(error, ALREADY_THERE)) throw error
    }
  }

  /** `undefined` when the lease row changed since it was read. */
  async function writeLease(
    page: OutboxPage,
    state: LeaseState,
    etag: string | undefined,
  ): Promise<string | undefined> {
    try {
      const entity = leaseEntityOf(page, state)
      const { etag: written } =
        etag === undefined
          ? await table.createEntity(entity)
          : await table.updateEntity(entity, 'Replace', { etag })
      return written
    } catch (error) {
      if (hasCode(error, ALREADY_THERE) || hasStatus(error, 412)) return undefined
      throw error
    }
  }

  async function readLease(page: OutboxPage): Promise<(LeaseState & { readonly etag: string }) | undefined> {
    try {
      const entity = await table.getEntity(partitionKeyOf(page), LEASE_ROW)
      return { ...parseLeaseEntity(entity), etag: entity.etag }
    } catch (error) {
      if (hasCode(error, 'ResourceNotFound')) return undefined
      throw error
    }
  }

  return {
    append: (page, rows) => durably('Writing to the outbox', () => create(page, rows)),

    owes: (page) => durably('Reading the outbox', async () => (await firstRows(page, 1)).length > 0),

    rows: (page, limit) => durably('Reading the outbox', () => firstRows(page, limit)),

    remove: (page, rows) =>
      durably('Settling the outbox', async () => {
        const partitionKey = partitionKeyOf(page)
        const [only, second] = rows
        if (only !== undefined && second === undefined) return deleteIfThere(partitionKey, only.key)
        try {
          await transact(rows.map(({ key }) => ['delete', { partitionKey, rowKey: key }]))
        } catch (error) {
          if (!hasStatus(error, 404)) throw error
          // One of them is gone already, and a transaction is all or nothing.
          for (const { key } of rows) await deleteIfThere(partitionKey, key)
        }
      }),

    replace: (page, row) =>
      durably('Writing to the outbox', async () => {
        try {
          await table.updateEntity(entityOf(page, row), 'Replace', { etag: row.etag })
        } catch (error) {
          // Another drain, after the lease of this one ran out, has settled the row or part of it.
          if (!hasStatus(error, 404, 412)) throw error
        }
      }),

    acquire: (page, ms) =>
      durably('Taking a page of the outbox', async () => {
        const now = time.now()
        const current = await readLease(page)
        if (current !== undefined && (current.heldUntilMs > now || current.dueAtMs > now)) return undefined
        const token = newToken()
        const etag = await writeLease(page, { token, heldUntilMs: now + ms, dueAtMs: 0 }, current?.etag)
        return etag === undefined ? undefined : ({ page, token, etag } satisfies Lease)
      }),

    release: (lease, dueAt) =>
      durably('Giving a page of the outbox back', async () => {
        await writeLease(lease.page, { token: '', heldUntilMs: 0, dueAtMs: dueAt ?? 0 }, lease.etag)
      }),

    owing: () =>
      durably('Reading the outbox', async () => {
        const pages = new Map<string, { rows: number; events: number; oldest: number; lease?: LeaseState }>()
        for await (const entity of table.listEntities<Record<string, unknown>>()) {
          const key = String(entity.partitionKey)
          const known = pages.get(key) ?? { rows: 0, events: 0, oldest: Number.POSITIVE_INFINITY }
          const row = entity.rowKey === LEASE_ROW ? undefined : parseOutboxEntity(entity)
          if (entity.rowKey === LEASE_ROW) pages.set(key, { ...known, lease: parseLeaseEntity(entity) })
          else if (row !== undefined) {
            pages.set(key, {
              ...known,
              rows: known.rows + 1,
              events: known.events + row.events,
              oldest: Math.min(known.oldest, row.firstTriedAt),
            })
          }
          if (pages.size > MAX_PAGES) break
        }
        const now = time.now()
        return [...pages]
          .filter(([, page]) => page.rows > 0)
          .map(
            ([key, { rows, events, oldest, lease }]): OwingPage => ({
              page: pageOfKey(key),
              rows,
              events,
              oldestTriedAt: instant(oldest),
              attended: lease !== undefined && (lease.heldUntilMs > now || lease.dueAtMs > now),
            }),
          )
      }),
  }
}
