import type { TableClient } from '@azure/data-tables'
import { beforeEach, describe, expect, it } from 'vitest'
import { covers } from '../../../shared/delivery/dedup/settled-range.ts'
import { SettledRangeTracker, type StoredRanges } from '../../../shared/delivery/dedup/settled-ranges.ts'
import { settledTable } from '../../../shared/delivery/dedup/settled-table.ts'
import { archivedEventAt } from '../../support/archived-event-at.ts'

const NONE: StoredRanges = { bySink: new Map(), etag: undefined }
const at = (n: number) => archivedEventAt(n).position
const range = (from: number, to: number) => ({ first: at(from), last: at(to) })

let stored: StoredRanges
let reads: number
let writes: number
let problems: [string, unknown][]
let tracker: SettledRangeTracker
/** Another process writes before this many of ours. */
let races: number
/** What that process writes. */
let other: StoredRanges['bySink']
beforeEach(() => {
  stored = NONE
  reads = 0
  writes = 0
  races = 0
  other = new Map()
  problems = []
  tracker = new SettledRangeTracker(
    {
      async read() {
        reads++
        return stored
      },
      async write(_, { bySink, etag }) {
        writes++
        if (races-- > 0) stored = { bySink: other, etag: `other ${writes}` }
        if (etag !== stored.etag) return undefined
        stored = { bySink, etag: `own ${writes}` }
        return stored.etag
      },
    },
    (doing, cause) => problems.push([doing, cause]),
  )
})

const settledAt = (n: number): boolean => covers(stored.bySink.get('webhook'), at(n))

describe('the settled ranges of a partition', () => {
  it('are read once, and written once a batch, as long as batches follow one another', async () => {
    for (let from = 0; from < 50; from += 10) {
      const { bySink } = await tracker.before(at(from))
      expect(covers(bySink.get('webhook'), at(from - 1))).toBe(from > 0)
      await tracker.settled(range(from, from + 9), ['webhook'])
    }
    expect([reads, writes, problems]).toEqual([1, 5, []])
  })

  it('are neither read nor written for a batch that no sink had anything of', async () => {
    await tracker.before(at(0))
    await tracker.settled(range(0, 9), ['webhook'])
    await tracker.settled(range(10, 19), [])
    await tracker.before(at(20))
    expect([reads, writes, settledAt(5), settledAt(15)]).toEqual([1, 1, true, false])
  })

  it.each(['namespace', 'hub', 'partition'])('are not taken for those of another %s', async (name) => {
    await tracker.settled(range(0, 9), ['webhook'])
    stored = NONE
    const { bySink } = await tracker.before({ ...at(10), [name]: 'another' })
    expect([reads, bySink.size]).toEqual([1, 0])
  })

  it('are read again after a gap, since another process may have had the partition', async () => {
    await tracker.before(at(0))
    await tracker.settled(range(0, 9), ['webhook'])
    for (const from of [11, 9, 0]) await tracker.before(at(from))
    expect(reads).toBe(4)
  })

  it('are written over those of another process, and keep them', async () => {
    races = 4
    other = new Map([['log-analytics', [...settledRanges(0, 9)]]])
    await tracker.settled(range(10, 19), ['webhook'])
    expect([settledAt(10), covers(stored.bySink.get('log-analytics'), at(0))]).toEqual([true, true])
    expect(writes).toBe(5)
  })

  it('are given up after five lost races: that costs duplicates, and no batch', async () => {
    races = 100
    await tracker.settled(range(0, 9), ['webhook'])
    expect([writes, settledAt(0), problems]).toEqual([5, false, []])
  })

  it('are not written again where another process has already settled the same, for every sink', async () => {
    races = 1
    other = new Map([['webhook', settledRanges(0, 20)]])
    await tracker.settled(range(0, 9), ['webhook'])
    expect(writes).toBe(1)
    races = 1
    other = new Map([['webhook', settledRanges(0, 20)]])
    await tracker.settled(range(0, 9), ['webhook', 'log-analytics'])
    expect(covers(stored.bySink.get('log-analytics'), at(0))).toBe(true)
  })

  it('are a problem to be told of, and none, where they cannot be read', async () => {
    stored = { bySink: new Map(), etag: 'theirs', isUnreadable: true }
    expect((await tracker.before(at(0))).bySink.size).toBe(0)
    expect(problems).toMatchObject([['read', { message: expect.stringContaining('cannot be read') }]])
  })
})

it('a table that is busy is told of as busy, neither as empty nor as a lost race', async () => {
  const refuse = () => Promise.reject(Object.assign(new Error('busy'), { statusCode: 503 }))
  const busy = { getEntity: refuse, createEntity: refuse } as unknown as TableClient
  const onBusy = new SettledRangeTracker(settledTable(busy), (doing, cause) => problems.push([doing, cause]))
  expect((await onBusy.before(at(0))).bySink.size).toBe(0)
  await onBusy.settled(range(0, 9), ['webhook'])
  await expect(settledTable(busy).write(at(0), NONE)).rejects.toMatchObject({ statusCode: 503 })
  expect(problems).toMatchObject([
    ['read', { statusCode: 503 }],
    ['write', { statusCode: 503 }],
  ])
})

const settledRanges = (from: number, to: number) => [
  {
    fromSequenceNumber: from,
    toSequenceNumber: to,
    fromEnqueuedAt: at(from).enqueuedAt,
    toEnqueuedAt: at(to).enqueuedAt,
  },
]
