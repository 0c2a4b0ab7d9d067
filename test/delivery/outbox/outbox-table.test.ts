import { RestError } from '@azure/core-rest-pipeline'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { memoryTable } from '../../../local/checks/chaos/model/memory-table.ts'
import { AS_STORED, type StoredEntity } from '../../../shared/azure/entity-value.ts'
import type { LeanTable } from '../../../shared/azure/lean-table.ts'
import { type Outbox, outboxPartitionOf, pendingRows } from '../../../shared/delivery/outbox/outbox.ts'
import { rowEntity } from '../../../shared/delivery/outbox/outbox-entity.ts'
import { tableOutbox } from '../../../shared/delivery/outbox/outbox-table.ts'
import { transientFault } from '../../../shared/domain/fault.ts'
import { instant } from '../../../shared/domain/identifiers.ts'
import { archivedEventAt } from '../../support/archived-event-at.ts'
import { type AzuriteStores, azuriteStores } from '../../support/azurite-stores.ts'
import { type VirtualTime, virtualTime } from '../../support/virtual-time.ts'

const OUTBOX_PARTITION = outboxPartitionOf('webhook', archivedEventAt(0).position)
const KEY = 'webhook|ns|hub|0'
/** Most unreadable rows in one summary. */
const MAX_STRAYS = 1000

let time: VirtualTime
let table: LeanTable
let outbox: Outbox
beforeEach(() => {
  time = virtualTime()
  table = memoryTable(() => time.now())
  outbox = tableOutbox(table, time, () => 'token')
})

const rowOf = (n: number, { blob = 'v1/a', triedMs = 0 } = {}) => {
  const fault = transientFault('unavailable', 'down')
  const [row] = pendingRows([{ archived: archivedEventAt(n, { blob }), fault }], instant(triedMs))
  if (row === undefined) throw new Error('no row')
  return row
}
const enqueuedAt = (n: number) => archivedEventAt(n).position.enqueuedAt

describe('the rows of an archive blob', () => {
  let stores: AzuriteStores
  beforeAll(async () => {
    stores = await azuriteStores()
  })
  afterAll(() => stores.stop())

  it('are those that point at it and are of the time that is asked for, both ends included, but of no newer program', async () => {
    table = await stores.table()
    outbox = tableOutbox(table, time, () => 'token')
    await outbox.append(
      OUTBOX_PARTITION,
      [1, 2, 3, 4, 5].map((n) => rowOf(n)),
    )
    await outbox.append(OUTBOX_PARTITION, [rowOf(3, { blob: 'v1/b' })])
    await outbox.append({ ...OUTBOX_PARTITION, partition: '1' }, [rowOf(3)])
    const newer = { ...rowEntity(OUTBOX_PARTITION, rowOf(3)), version: 2 }
    await table.createEntity({ ...newer, rowKey: `${newer.rowKey}-newer` })
    const rows = await outbox.rowsOfBlob(OUTBOX_PARTITION, 'v1/a', enqueuedAt(2), enqueuedAt(4))
    expect(rows.map(({ blob, lines }) => [blob, lines])).toEqual([
      ['v1/a', '2'],
      ['v1/a', '3'],
      ['v1/a', '4'],
    ])
  })

  it('are no answer where the storage gives none', async () => {
    table = await stores.table()
    await table.deleteTable()
    await expect(
      tableOutbox(table, time, () => 'token').rowsOfBlob(
        OUTBOX_PARTITION,
        'v1/a',
        enqueuedAt(0),
        enqueuedAt(9),
      ),
    ).rejects.toMatchObject({ name: 'DurabilityError' })
  })
})

describe('a row that is set aside', () => {
  it('is moved behind all others as it is, where it is no row any more', async () => {
    const strange = {
      rowKey: 'strange',
      count: { type: 'Int64', value: '7' },
      isSo: true,
      etagOf: 'x',
      noetag: 'y',
    } as const
    await table.createEntity({ partitionKey: KEY, ...strange })
    await outbox.append(OUTBOX_PARTITION, [rowOf(1)])
    await outbox.setAside({ partitionKey: KEY, rowKey: 'strange' })

    const {
      etag: _,
      timestamp: __,
      ...aside
    } = await table.getEntity<StoredEntity>(KEY, '~strange', AS_STORED)
    expect(aside).toEqual({
      partitionKey: KEY,
      rowKey: '~strange',
      count: { type: 'Int64', value: '7' },
      isSo: { type: 'Boolean', value: 'true' },
      etagOf: { type: 'String', value: 'x' },
      noetag: { type: 'String', value: 'y' },
    })
    expect(await outbox.summary()).toMatchObject({ unreadableRows: [], setAside: 1 })
    await outbox.setAside({ partitionKey: KEY, rowKey: rowOf(1).key })
    expect(await outbox.rows(OUTBOX_PARTITION, 10)).toEqual([])
    expect(await outbox.pendingUntil(OUTBOX_PARTITION)).toBeUndefined()
    expect(await outbox.summary()).toEqual({ pendingPartitions: [], unreadableRows: [], setAside: 2 })
  })

  it('may be gone already', async () => {
    await outbox.setAside({ partitionKey: KEY, rowKey: 'gone' })
    expect(await outbox.summary()).toMatchObject({ unreadableRows: [], setAside: 0 })
  })

  it('is written without what the service adds, and stays where it is if it is refused in that form', async () => {
    await table.createEntity({ partitionKey: KEY, rowKey: 'strange', isSo: true })
    const written: unknown[] = []
    const getEntity = table.getEntity.bind(table)
    Object.assign(table, {
      getEntity: async (...of: Parameters<typeof getEntity>) => ({
        ...(await getEntity(...of)),
        'odata.metadata': 'https://account/$metadata#outbox/@Element',
      }),
      submitTransaction: (writes: readonly unknown[]) => {
        written.push(...writes)
        return Promise.reject(new RestError('no', { statusCode: 400, code: 'InvalidInput' }))
      },
    })
    await outbox.setAside({ partitionKey: KEY, rowKey: 'strange' })
    const isSo = { type: 'Boolean', value: 'true' }
    expect(written).toEqual([
      ['upsert', { partitionKey: KEY, rowKey: '~strange', isSo }, 'Replace'],
      ['delete', { partitionKey: KEY, rowKey: 'strange' }],
    ])
    expect((await outbox.summary()).unreadableRows).toEqual([{ partitionKey: KEY, rowKey: 'strange' }])
  })
})

describe('an outbox partition is pending', () => {
  it('until its lease says, from the first row that is one', async () => {
    const lease = await outbox.acquire(OUTBOX_PARTITION, 1000)
    if (lease === undefined) throw new Error('no lease')
    const dueAt = instant(time.now() + 5000)
    await outbox.release(lease, dueAt)
    await table.createEntity({ partitionKey: KEY, rowKey: '0', version: 1 })
    expect(await outbox.pendingUntil(OUTBOX_PARTITION)).toBeUndefined()
    await outbox.append(OUTBOX_PARTITION, [rowOf(1)])
    expect(await outbox.pendingUntil(OUTBOX_PARTITION)).toBe(dueAt)
    const [partition] = await outbox.pendingPartitions()
    expect(partition).toMatchObject({ attended: true })
    expect(partition).not.toHaveProperty('isLeaseAhead')
  })

  it.each([
    ['rise', [1, 2, 3]],
    ['fall', [3, 2, 1]],
  ])('since the oldest of its rows was tried, where their times %s with the stream', async (_, seconds) => {
    const triedMs = (second = 0) => time.now() - 60_000 + second * 1000
    await outbox.append(
      OUTBOX_PARTITION,
      seconds.map((second, n) => rowOf(n, { triedMs: triedMs(second) })),
    )
    const [partition] = await outbox.pendingPartitions()
    expect(partition).toMatchObject({ rows: 3, events: 3, oldestTriedAt: triedMs(1), attended: false })
  })

  it('and unattended, where its lease comes from a clock that is ahead', async () => {
    await outbox.append(OUTBOX_PARTITION, [rowOf(1)])
    time.set(24 * 3_600_000)
    await outbox.acquire(OUTBOX_PARTITION, 1000)
    time.set(-24 * 3_600_000)
    expect(await outbox.pendingPartitions()).toMatchObject([{ attended: false, isLeaseAhead: true }])
  })
})

it('a summary names a bounded number of rows to set aside, and counts what is pending behind them', async () => {
  for (let n = 0; n <= MAX_STRAYS; n++) await table.createEntity({ partitionKey: 'a', rowKey: String(n) })
  await outbox.append(OUTBOX_PARTITION, [rowOf(1)])
  const { pendingPartitions, unreadableRows } = await outbox.summary()
  expect(unreadableRows).toHaveLength(MAX_STRAYS)
  expect(pendingPartitions).toMatchObject([{ outboxPartition: OUTBOX_PARTITION, rows: 1 }])
})
