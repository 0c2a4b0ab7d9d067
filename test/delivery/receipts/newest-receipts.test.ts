import { describe, expect, it } from 'vitest'
import type { LeanContainer } from '../../../shared/azure/lean-container.ts'
import { lastDeliveries, receiptsOf } from '../../../shared/delivery/receipts/newest-receipts.ts'
import { instant } from '../../../shared/domain/identifiers.ts'

const HOUR_MS = 3_600_000
const NOW = Date.UTC(2026, 2, 1, 12, 30)
/** Most receipts read for one answer. */
const MOST = 500
const READ_AT_ONCE = 16
const BLOB = 'v1/ingest_date=2026-03-01/ingest_hour=12/ns/hub/p=0/chunk.jsonl.gz'

interface Filed {
  readonly name: string
  readonly writtenMs: number
  readonly body: string
}

/** A receipt under an hour of 2026-03-01; what it counts as delivered, by sink. */
const filed = (
  hour: string,
  name: string,
  delivered: Readonly<Record<string, number>>,
  atMs = NOW,
  writtenMs = atMs,
): Filed => ({
  name: `v1/ingest_date=2026-03-01/ingest_hour=${hour}/ns/hub/p=0/chunk/${name}.json`,
  writtenMs,
  body: JSON.stringify({
    v: 1,
    blob: BLOB,
    at: new Date(atMs).toISOString(),
    sinks: Object.entries(delivered).map(([sink, count]) => ({ sink, delivered: count })),
  }),
})

/** A container of these receipts, and the names of those that were read. */
function containerOf(...receipts: readonly Filed[]) {
  const read: string[] = []
  const container = {
    async *listBlobsFlat({ prefix = '' }) {
      for (const { name, writtenMs } of receipts)
        if (name.startsWith(prefix)) yield { name, properties: { lastModified: new Date(writtenMs) } }
    },
    async download(name: string) {
      read.push(name)
      const body = receipts.find((receipt) => receipt.name === name)?.body ?? ''
      return { etag: '', readableStreamBody: [Buffer.from(body)] }
    },
  }
  return { container: container as unknown as LeanContainer, read }
}

async function last(container: LeanContainer, sinks: readonly string[], hours = 24) {
  const found = await lastDeliveries(container, sinks, instant(NOW), hours)
  return Object.fromEntries([...found].map(([sink, { at, delivered }]) => [sink, [at, delivered]]))
}

describe('when a sink took events last', () => {
  it('is told for each sink that is asked for, by the latest receipt of its newest hour, also of those written in one second', async () => {
    const { container } = containerOf(
      filed('12', 'a', { webhook: 3, other: 9 }, NOW - 3, NOW),
      filed('12', 'b', { webhook: 5 }, NOW - 1, NOW),
      filed('12', 'c', { webhook: 4 }, NOW - 2, NOW),
      filed('11', 'd', { webhook: 6, file: 7 }, NOW),
      filed('10', 'e', { file: 8 }, NOW),
    )
    expect(await last(container, ['webhook', 'file', 'none'])).toEqual({
      webhook: [NOW - 1, 5],
      file: [NOW, 7],
    })
  })

  it('is not when all that it was to get stayed pending', async () => {
    const { container } = containerOf(
      filed('12', 'a', { webhook: 0 }),
      filed('11', 'b', { webhook: 1 }, NOW - HOUR_MS),
    )
    expect(await last(container, ['webhook'])).toEqual({ webhook: [NOW - HOUR_MS, 1] })
  })

  it('is looked for in as many hours as are asked for, of which this is the first', async () => {
    const { container } = containerOf(filed('10', 'a', { webhook: 1 }), filed('12', 'b', { file: 2 }))
    expect(await last(container, ['webhook', 'file'], 3)).toEqual({ webhook: [NOW, 1], file: [NOW, 2] })
    expect(await last(container, ['webhook', 'file'], 2)).toEqual({ file: [NOW, 2] })
    expect(await last(container, ['webhook', 'file'], 0)).toEqual({})
  })

  it('is looked for only until it is known of each sink, the receipts written last first', async () => {
    const older = Array.from({ length: READ_AT_ONCE }, (_, n) =>
      filed('12', `a${n}`, { webhook: 1 }, NOW, NOW - 60_000 - n),
    )
    const newer = Array.from({ length: READ_AT_ONCE }, (_, n) => filed('12', `b${n}`, { webhook: 2 }))
    const { container, read } = containerOf(...older, ...newer, filed('11', 'c', { webhook: 3 }))
    expect(await last(container, ['webhook'])).toEqual({ webhook: [NOW, 2] })
    expect(read.toSorted()).toEqual(newer.map(({ name }) => name).toSorted())
    const { container: both } = containerOf(...newer, filed('12', 'c', { file: 4 }, NOW, NOW - 1))
    expect(await last(both, ['webhook', 'file'])).toEqual({ webhook: [NOW, 2], file: [NOW, 4] })
  })

  it('is looked for in a bounded number of receipts, within an hour and over all', async () => {
    const useless = (hour: string, count: number) =>
      Array.from({ length: count }, (_, n) => filed(hour, String(n), { webhook: 0 }))
    const reads = async (...counts: readonly (readonly [string, number])[]): Promise<number> => {
      const { container, read } = containerOf(...counts.flatMap((some) => useless(...some)))
      await last(container, ['webhook'])
      return read.length
    }
    expect(await reads(['12', MOST - 1], ['11', 1], ['10', 1])).toBe(MOST)
    expect(await reads(['12', MOST % READ_AT_ONCE], ['11', MOST])).toBe(MOST)
    const tooMany = await reads(['12', MOST + 2 * READ_AT_ONCE])
    expect(tooMany).toBeGreaterThanOrEqual(MOST)
    expect(tooMany).toBeLessThan(MOST + READ_AT_ONCE)
  })
})

describe('the receipts of one archive blob', () => {
  it('are in the order in which they came about, whatever their names', async () => {
    const { container } = containerOf(
      filed('12', 'a', { webhook: 2 }, NOW - 1),
      filed('12', 'b', { webhook: 3 }, NOW),
      filed('12', 'c', { webhook: 1 }, NOW - 2),
    )
    expect((await receiptsOf(container, BLOB)).map(({ delivered }) => delivered)).toEqual([1, 2, 3])
  })

  it('are read in bounded number', async () => {
    const { container, read } = containerOf(
      ...Array.from({ length: MOST + 9 }, (_, n) => filed('12', String(n), { webhook: 1 })),
    )
    expect(await receiptsOf(container, BLOB)).toHaveLength(MOST)
    expect(read).toHaveLength(MOST)
  })
})
