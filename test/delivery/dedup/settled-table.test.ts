import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { covers } from '../../../shared/delivery/dedup/settled-range.ts'
import { SettledRangeTracker } from '../../../shared/delivery/dedup/settled-ranges.ts'
import { settledTable } from '../../../shared/delivery/dedup/settled-table.ts'
import { archivedEventAt } from '../../support/archived-event-at.ts'
import { type AzuriteStores, azuriteStores } from '../../support/azurite-stores.ts'

let stores: AzuriteStores
beforeAll(async () => {
  stores = await azuriteStores()
})
afterAll(() => stores.stop())

const at = (n: number) => archivedEventAt(n).position
const range = (from: number, to: number) => ({ first: at(from), last: at(to) })

describe('settled ranges in a table', () => {
  const problems: string[] = []
  const marksOn = (table: Awaited<ReturnType<AzuriteStores['table']>>) =>
    new SettledRangeTracker(settledTable(table), (doing) => problems.push(doing))
  const settledAt = async (settledRanges: SettledRangeTracker, sink: string, n: number) =>
    (await settledRanges.before(at(n))).bySink
      .get(sink)
      ?.map((s) => [s.fromSequenceNumber, s.toSequenceNumber])

  it('are known to the process that starts after a crash', async () => {
    const table = await stores.table()
    await marksOn(table).settled(range(0, 9), ['webhook', 'log-analytics'])
    const after = marksOn(table)
    expect(await settledAt(after, 'webhook', 0)).toEqual([[0, 9]])
    expect(await settledAt(after, 'log-analytics', 0)).toEqual([[0, 9]])
  })

  it('are one row for all sinks of a partition', async () => {
    const table = await stores.table()
    const settledRanges = marksOn(table)
    await settledRanges.settled(range(0, 9), ['webhook'])
    await settledRanges.settled(range(10, 19), ['webhook', 'log-analytics'])
    const rows = []
    for await (const row of table.listEntities()) rows.push(row)
    expect(rows).toHaveLength(1)
  })

  it('keep what another process wrote in between', async () => {
    const table = await stores.table()
    const [mine, theirs] = [marksOn(table), marksOn(table)]
    await mine.settled(range(0, 9), ['webhook'])
    await theirs.before(at(50))
    await theirs.settled(range(50, 59), ['log-analytics'])
    await mine.settled(range(10, 19), ['webhook'])
    const after = marksOn(table)
    expect(await settledAt(after, 'webhook', 0)).toEqual([
      [0, 9],
      [10, 19],
    ])
    expect(await settledAt(after, 'log-analytics', 0)).toEqual([[50, 59]])
    expect(problems).toEqual([])
  })

  it('lose no range when processes write at the same time', async () => {
    const table = await stores.table()
    const processes = [0, 10, 20].map((from) => ({ from, settledRanges: marksOn(table) }))
    await Promise.all(
      processes.map(({ from, settledRanges }) => settledRanges.settled(range(from, from + 9), ['webhook'])),
    )
    const known = (await settledAt(marksOn(table), 'webhook', 0)) ?? []
    expect(new Set(known.map(([from]) => from))).toEqual(new Set([0, 10, 20]))
  })

  it('are remembered by the process when they can be neither written nor read', async () => {
    const table = await stores.table()
    const settledRanges = marksOn(table)
    await table.deleteTable()
    problems.length = 0
    await settledRanges.settled(range(0, 9), ['webhook'])
    expect(covers((await settledRanges.before(at(5))).bySink.get('webhook'), at(5))).toBe(true)
    expect(problems).toContain('write')
  })

  it('that could not be written are known beside what another process wrote, and written with the next', async () => {
    const table = await stores.table()
    const store = settledTable(table)
    let isDown = true
    const settledRanges = new SettledRangeTracker(
      {
        read: (partition) => store.read(partition),
        write: (partition, ranges) =>
          isDown ? Promise.reject(new Error('503')) : store.write(partition, ranges),
      },
      () => undefined,
    )
    await settledRanges.settled(range(0, 9), ['webhook'])
    await marksOn(table).settled(range(20, 29), ['webhook'])
    const { bySink } = await settledRanges.before(at(0))
    expect([0, 9, 20, 29].map((n) => covers(bySink.get('webhook'), at(n)))).toEqual([true, true, true, true])
    isDown = false
    await settledRanges.settled(range(30, 39), ['webhook'])
    expect(await settledAt(marksOn(table), 'webhook', 0)).toEqual([
      [20, 29],
      [0, 9],
      [30, 39],
    ])
  })

  it('of a version that this program does not know count as none', async () => {
    const table = await stores.table()
    await table.createEntity({
      partitionKey: 'ns|hub|0',
      rowKey: 'settled',
      ranges: JSON.stringify({ v: 2, sinks: { webhook: [{ up: 'to here' }] } }),
    })
    problems.length = 0
    const settledRanges = marksOn(table)
    expect((await settledRanges.before(at(0))).bySink.size).toBe(0)
    expect(problems).toEqual([])
    await settledRanges.settled(range(0, 4), ['webhook'])
    expect(await settledAt(marksOn(table), 'webhook', 0)).toEqual([[0, 4]])
  })

  it('are none, and no problem, where nothing is stored yet', async () => {
    expect(await settledTable(await stores.table()).read(at(0))).toEqual({
      bySink: new Map(),
      etag: undefined,
    })
  })

  it('that cannot be read are told from none, and can be replaced', async () => {
    const table = await stores.table()
    await table.createEntity({ partitionKey: 'ns|hub|0', rowKey: 'settled', ranges: 'garbage' })
    const store = settledTable(table)
    const { bySink, etag, isUnreadable } = await store.read(at(0))
    expect([bySink.size, isUnreadable]).toEqual([0, true])
    expect(await store.write(at(0), { bySink: new Map(), etag })).toBeDefined()
  })

  it('are not written over a row that was removed in between', async () => {
    const table = await stores.table()
    const store = settledTable(table)
    const etag = await store.write(at(0), { bySink: new Map(), etag: undefined })
    await table.deleteEntity('ns|hub|0', 'settled')
    expect(await store.write(at(0), { bySink: new Map(), etag })).toBeUndefined()
  })
})
