import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { LeanTable } from '../../../shared/azure/lean-table.ts'
import {
  type Outbox,
  type OutboxPartition,
  outboxPartitionOf,
  pendingRows,
} from '../../../shared/delivery/outbox/outbox.ts'
import { tableOutbox } from '../../../shared/delivery/outbox/outbox-table.ts'
import type { ArchivedEvent } from '../../../shared/domain/exported-event.ts'
import { transientFault } from '../../../shared/domain/fault.ts'
import { instant } from '../../../shared/domain/identifiers.ts'
import { archivedEventAt, archivedEventsAt } from '../../support/archived-event-at.ts'
import { type AzuriteStores, azuriteStores } from '../../support/azurite-stores.ts'
import { memoryOutbox } from '../../support/memory-outbox.ts'
import { type VirtualTime, virtualTime } from '../../support/virtual-time.ts'

const FAULT = transientFault('unavailable', 'The sink does not answer.')
const TRIED = instant(Date.UTC(2026, 2, 1, 10))
const OUTBOX_PARTITION = outboxPartitionOf('webhook', archivedEventAt(0).position)
const rowsFor = (events: readonly ArchivedEvent[]) =>
  pendingRows(
    events.map((archived) => ({ archived, fault: FAULT })),
    TRIED,
  )

let stores: AzuriteStores
beforeAll(async () => {
  stores = await azuriteStores()
})
afterAll(() => stores.stop())

let time: VirtualTime
let table: LeanTable
const ledgers: readonly [string, () => Promise<Outbox>][] = [
  [
    'in a table',
    async () => {
      table = await stores.table()
      return tableOutbox(table, time, randomUUID)
    },
  ],
  ['in a table in memory', async () => memoryOutbox(time)],
]

describe.each(ledgers)('the outbox %s', (_, open) => {
  let outbox: Outbox
  beforeEach(async () => {
    time = virtualTime()
    outbox = await open()
  })

  it('gives rows back as they were written', async () => {
    await outbox.append(OUTBOX_PARTITION, rowsFor(archivedEventsAt(1, 3)))
    const [row] = await outbox.rows(OUTBOX_PARTITION, 10)
    expect(row).toMatchObject({
      blob: 'v1/blob.jsonl.gz',
      lines: '1-3',
      events: 3,
      firstTriedAt: TRIED,
      attempts: 1,
      lastFault: { code: 'unavailable' },
    })
  })

  it('has a hand-over that is repeated only once', async () => {
    await outbox.append(OUTBOX_PARTITION, rowsFor(archivedEventsAt(1, 3)))
    await outbox.append(OUTBOX_PARTITION, rowsFor(archivedEventsAt(1, 3)))
    expect(await outbox.rows(OUTBOX_PARTITION, 10)).toHaveLength(1)
  })

  it('keeps what was delivered of a row, and its age, when its hand-over is repeated', async () => {
    await outbox.append(OUTBOX_PARTITION, rowsFor(archivedEventsAt(1, 3)))
    const [row] = await outbox.rows(OUTBOX_PARTITION, 10)
    if (row === undefined) throw new Error('no row')
    await outbox.replace(OUTBOX_PARTITION, { ...row, lines: '3', events: 1, attempts: 2 })
    await outbox.append(OUTBOX_PARTITION, [
      ...rowsFor(archivedEventsAt(1, 3)),
      ...rowsFor(archivedEventsAt(4, 5)),
    ])
    expect((await outbox.rows(OUTBOX_PARTITION, 10)).map((r) => [r.lines, r.attempts])).toEqual([
      ['3', 2],
      ['4-5', 1],
    ])
  })

  it('gives rows in the order of the stream, whatever the order in which they were written', async () => {
    for (const n of [7, 1, 100, 30]) await outbox.append(OUTBOX_PARTITION, rowsFor([archivedEventAt(n)]))
    expect((await outbox.rows(OUTBOX_PARTITION, 10)).map((r) => r.lines)).toEqual(['1', '7', '30', '100'])
  })

  it('gives the rows of a re-created hub after those of the hub before, though its numbers are lower', async () => {
    const later = archivedEventAt(0)
    const anew = {
      ...later,
      line: 55,
      position: { ...later.position, enqueuedAt: instant(Date.UTC(2027, 1, 1)) },
    }
    await outbox.append(OUTBOX_PARTITION, rowsFor([anew]))
    await outbox.append(OUTBOX_PARTITION, rowsFor([archivedEventAt(900)]))
    expect((await outbox.rows(OUTBOX_PARTITION, 1)).map((r) => r.lines)).toEqual(['900'])
  })

  it('gives the rows of one very large message in the order of its records', async () => {
    const { position } = archivedEventAt(4)
    const large = Array.from({ length: 2500 }, (_, line) => ({ ...archivedEventAt(line), position }))
    await outbox.append(OUTBOX_PARTITION, rowsFor(large))
    expect((await outbox.rows(OUTBOX_PARTITION, 10)).map((r) => r.lines)).toEqual([
      '0-999',
      '1000-1999',
      '2000-2499',
    ])
  })

  it('takes and removes more rows than one transaction holds', async () => {
    const many = archivedEventsAt(1, 230).flatMap((event) => rowsFor([event]))
    await outbox.append(OUTBOX_PARTITION, many)
    await outbox.append(OUTBOX_PARTITION, many)
    const rows = await outbox.rows(OUTBOX_PARTITION, 1000)
    expect(rows).toHaveLength(230)
    await outbox.remove(OUTBOX_PARTITION, rows.slice(50, 60))
    await outbox.remove(OUTBOX_PARTITION, rows.slice(0, 229))
    expect((await outbox.rows(OUTBOX_PARTITION, 1000)).map((r) => r.lines)).toEqual(['230'])
  })

  it('keeps partitions apart, whatever characters their names have', async () => {
    const names = ["o'hare", 'a|b', 'a', 'b/c\\d#e?f%g=h', 'Zürich 漢', '$Default']
    const outboxPartitions: OutboxPartition[] = names.map((name) => ({
      sink: name,
      namespace: name,
      hub: 'h',
      partition: '0',
    }))
    for (const [i, outboxPartition] of outboxPartitions.entries())
      await outbox.append(outboxPartition, rowsFor([archivedEventAt(i)]))
    for (const [i, outboxPartition] of outboxPartitions.entries()) {
      expect((await outbox.rows(outboxPartition, 10)).map((r) => r.lines)).toEqual([String(i)])
    }
    expect(
      (await outbox.pendingPartitions()).map(({ outboxPartition }) => outboxPartition.sink).sort(),
    ).toEqual(names.toSorted())
    for (const [i, outboxPartition] of outboxPartitions.entries())
      expect(await outbox.pendingPartitions(names[i])).toMatchObject([{ outboxPartition, rows: 1 }])
    for (const outboxPartition of outboxPartitions)
      await outbox.remove(outboxPartition, await outbox.rows(outboxPartition, 10))
    expect(await outbox.pendingPartitions()).toEqual([])
  })

  it('says of each partition what it has pending and since when', async () => {
    await outbox.append(OUTBOX_PARTITION, [
      ...rowsFor(archivedEventsAt(1, 3)),
      ...rowsFor(archivedEventsAt(8, 9)),
    ])
    expect(await outbox.pendingPartitions()).toEqual([
      { outboxPartition: OUTBOX_PARTITION, rows: 2, events: 5, oldestTriedAt: TRIED, attended: false },
    ])
    expect(await outbox.pendingUntil(OUTBOX_PARTITION)).toBeDefined()
    expect(await outbox.pendingUntil({ ...OUTBOX_PARTITION, partition: '1' })).toBeUndefined()
  })

  it('names no partition on which nothing is pending any more, whoever holds it', async () => {
    await outbox.append(OUTBOX_PARTITION, rowsFor([archivedEventAt(1)]))
    await outbox.acquire(OUTBOX_PARTITION, 30_000)
    await outbox.remove(OUTBOX_PARTITION, await outbox.rows(OUTBOX_PARTITION, 10))
    expect(await outbox.pendingPartitions()).toEqual([])
    expect(await outbox.pendingUntil(OUTBOX_PARTITION)).toBeUndefined()
  })

  it('lets one drain at a time lease a partition', async () => {
    const taken = await Promise.all([1, 2, 3, 4].map(() => outbox.acquire(OUTBOX_PARTITION, 30_000)))
    expect(taken.filter((lease) => lease !== undefined)).toHaveLength(1)
  })

  it('gives the lease to another drain once the first released it', async () => {
    const lease = await outbox.acquire(OUTBOX_PARTITION, 30_000)
    if (lease === undefined) throw new Error('no lease')
    await outbox.release(lease, undefined)
    expect(await outbox.acquire(OUTBOX_PARTITION, 30_000)).toBeDefined()
  })

  it('gives the lease to another drain when the first did not renew it in time', async () => {
    const dead = await outbox.acquire(OUTBOX_PARTITION, 30_000)
    if (dead === undefined) throw new Error('no lease')
    time.advance(29_999)
    expect(await outbox.acquire(OUTBOX_PARTITION, 30_000)).toBeUndefined()
    time.advance(1)
    const alive = await outbox.acquire(OUTBOX_PARTITION, 30_000)
    expect(alive).toBeDefined()
    await outbox.release(dead, undefined)
    expect(await outbox.acquire(OUTBOX_PARTITION, 30_000)).toBeUndefined()
  })

  it('keeps everybody off a partition until it is due, and calls it attended', async () => {
    await outbox.append(OUTBOX_PARTITION, rowsFor([archivedEventAt(1)]))
    const lease = await outbox.acquire(OUTBOX_PARTITION, 30_000)
    if (lease === undefined) throw new Error('no lease')
    await outbox.release(lease, instant(time.now() + 5000))
    expect(await outbox.acquire(OUTBOX_PARTITION, 30_000)).toBeUndefined()
    expect((await outbox.pendingPartitions()).map((p) => p.attended)).toEqual([true])
    time.advance(5000)
    expect((await outbox.pendingPartitions()).map((p) => p.attended)).toEqual([false])
    expect(await outbox.acquire(OUTBOX_PARTITION, 30_000)).toBeDefined()
  })

  it('does not bring back a row that another drain has settled', async () => {
    await outbox.append(OUTBOX_PARTITION, rowsFor(archivedEventsAt(1, 3)))
    const [row] = await outbox.rows(OUTBOX_PARTITION, 1)
    if (row === undefined) throw new Error('no row')
    await outbox.remove(OUTBOX_PARTITION, [row])
    await outbox.replace(OUTBOX_PARTITION, { ...row, attempts: 2 })
    expect(await outbox.rows(OUTBOX_PARTITION, 1)).toEqual([])
  })

  it('does not widen a row that another drain has delivered in part', async () => {
    await outbox.append(OUTBOX_PARTITION, rowsFor(archivedEventsAt(1, 3)))
    const [row] = await outbox.rows(OUTBOX_PARTITION, 1)
    if (row === undefined) throw new Error('no row')
    await outbox.replace(OUTBOX_PARTITION, { ...row, lines: '3', events: 1 })
    await outbox.replace(OUTBOX_PARTITION, { ...row, lines: '2-3', events: 2 })
    expect((await outbox.rows(OUTBOX_PARTITION, 1)).map((r) => r.lines)).toEqual(['3'])
  })
})

describe('the outbox in a table', () => {
  let outbox: Outbox
  const ofNewerProgram = (key: string, change: object) =>
    table.createEntity({ partitionKey: 'webhook|ns|hub|0', rowKey: key, ...change })
  beforeEach(async () => {
    time = virtualTime()
    table = await stores.table()
    outbox = tableOutbox(table, time, randomUUID)
  })

  it('leaves rows of a newer program alone: they are not pending for this one, hide nothing and block nothing', async () => {
    for (let i = 0; i < 60; i++) {
      await ofNewerProgram(`000000000000000-${i}`, { version: 2, blob: 'b', lines: '0', events: 1 })
    }
    await ofNewerProgram('000000000000001', {
      version: 1,
      blob: 'b',
      lines: '0',
      events: 1,
      mode: 'sideways',
    })
    expect(await outbox.pendingUntil(OUTBOX_PARTITION)).toBeUndefined()
    expect(await outbox.summary()).toEqual({ pendingPartitions: [], unreadableRows: [], setAside: 0 })
    for (const n of [1, 2, 3]) await outbox.append(OUTBOX_PARTITION, rowsFor([archivedEventAt(n)]))
    expect((await outbox.rows(OUTBOX_PARTITION, 2)).map((r) => r.lines)).toEqual(['1', '2'])
    const rows = await outbox.rows(OUTBOX_PARTITION, 50)
    expect(rows.map((r) => r.lines)).toEqual(['1', '2', '3'])
    await outbox.remove(OUTBOX_PARTITION, rows)
    let left = 0
    for await (const _ of table.listEntities()) left++
    expect(left).toBe(61)
  })

  it.each([
    ['append', () => outbox.append(OUTBOX_PARTITION, rowsFor([archivedEventAt(1)]))],
    ['pendingUntil', () => outbox.pendingUntil(OUTBOX_PARTITION)],
    ['rows', () => outbox.rows(OUTBOX_PARTITION, 1)],
    ['pendingPartitions', () => outbox.pendingPartitions()],
    ['acquire', () => outbox.acquire(OUTBOX_PARTITION, 1000)],
  ])('throws a durability error where the storage does not do its part: %s', async (_, ask) => {
    await table.deleteTable()
    await expect(ask()).rejects.toMatchObject({ name: 'DurabilityError' })
  })
})
