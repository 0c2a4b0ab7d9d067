import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { blobName } from '../../shared/archive/blob-name.ts'
import { blobsBetween } from '../../shared/archive/list-blobs.ts'
import type { LeanContainer } from '../../shared/azure/lean-container.ts'
import { instant } from '../../shared/domain/identifiers.ts'
import { sha256Hex } from '../../shared/encoding/digest.ts'
import { positionOf } from '../support/archive-lines.ts'
import { type AzuriteStores, azuriteStores } from '../support/azurite-stores.ts'

const at = (iso: string) => instant(Date.parse(`2026-${iso}Z`))

/** The name of a chunk: of which partition, enqueued when, from which sequence number to which. */
const name = (partition: string, enqueued: string, first: number, last: number): string =>
  blobName({
    first: positionOf(first, { partition, enqueuedAt: at(enqueued) }),
    lastSequenceNumber: last,
    contentHash: sha256Hex(`${partition} ${first} ${last}`),
  })

type Listing = Pick<LeanContainer, 'listBlobsFlat' | 'listBlobsByHierarchy'>

const listed = async (container: Listing, from: string, to: string): Promise<readonly string[]> => {
  const names = []
  for await (const blob of blobsBetween(container as LeanContainer, at(from), at(to))) names.push(blob.name)
  return names
}

let stores: AzuriteStores
beforeAll(async () => {
  stores = await azuriteStores()
})
afterAll(() => stores.stop())

const containerWith = async (...names: readonly string[]): Promise<LeanContainer> => {
  const container = await stores.container()
  await Promise.all(names.map((blob) => container.getBlockBlobClient(blob).upload('', 0)))
  return container
}

/** The container, and what it is asked for. */
function watched(container: Listing): { readonly listing: Listing; readonly asked: string[] } {
  const asked: string[] = []
  return {
    asked,
    listing: {
      listBlobsFlat(options) {
        asked.push(options?.prefix ?? '')
        return container.listBlobsFlat(options)
      },
      listBlobsByHierarchy(delimiter, options) {
        asked.push(`${options?.prefix}*${delimiter}`)
        return container.listBlobsByHierarchy(delimiter, options)
      },
    },
  }
}

describe('the blobs of a time', () => {
  const march9 = name('0', '03-09T23:10:00', 0, 9)
  const march10 = ['00:10', '09:00', '09:59', '10:00', '23:59'].map((time, i) =>
    name('0', `03-10T${time}:00`, 10 + i * 10, 19 + i * 10),
  )
  const [midnight = '', nine = '', almostTen = '', ten = '', lateNight = ''] = march10
  const march12 = name('0', '03-12T05:00:00', 60, 69)
  let container: LeanContainer
  beforeAll(async () => {
    const strangers = ['v1/ingest_date=2026-03-10/readme.txt', 'v2/ingest_date=2026-03-10/x', 'other']
    container = await containerWith(march9, ...march10, march12, ...strangers)
  })

  it('are all of them, in order, and nothing that is no archive blob', async () => {
    expect(await listed(container, '03-01T00:00:00', '04-01T00:00:00')).toEqual([march9, ...march10, march12])
  })

  it('are those of its hours, and the one before, which may reach in', async () => {
    expect(await listed(container, '03-10T09:30:00', '03-10T10:00:00')).toEqual([midnight, nine, almostTen])
    expect(await listed(container, '03-10T09:30:00', '03-10T10:00:00.001')).toEqual([
      midnight,
      nine,
      almostTen,
      ten,
    ])
  })

  it('are those of whole days and of hours on either side', async () => {
    expect(await listed(container, '03-09T23:00:00', '03-12T05:30:00')).toEqual([march9, ...march10, march12])
    expect(await listed(container, '03-10T10:00:00', '03-12T05:00:00')).toEqual([almostTen, ten, lateNight])
    expect(await listed(container, '03-10T00:00:00', '03-11T00:00:00')).toEqual([march9, ...march10])
  })

  it('are none of a time that is empty or backwards, but for what may reach in', async () => {
    expect(await listed(container, '03-10T10:00:00', '03-10T10:00:00')).toEqual([almostTen])
    expect(await listed(container, '03-08T10:00:00', '03-08T09:00:00')).toEqual([])
  })

  it('cost one question for a whole day, one for an hour of a day in part, and none for a day without any', async () => {
    const { listing, asked } = watched(container)
    await listed(listing, '03-09T22:00:00', '03-12T02:00:00')
    expect(asked).toEqual([
      'v1/ingest_date=*/',
      // What reaches in.
      'v1/ingest_date=2026-03-09/',
      'v1/ingest_date=2026-03-09/ingest_hour=22/',
      'v1/ingest_date=2026-03-09/ingest_hour=23/',
      'v1/ingest_date=2026-03-10/',
      'v1/ingest_date=2026-03-12/ingest_hour=00/',
      'v1/ingest_date=2026-03-12/ingest_hour=01/',
    ])
    asked.length = 0
    await listed(listing, '03-10T00:00:00', '03-11T00:00:00')
    expect(asked).toEqual(['v1/ingest_date=*/', 'v1/ingest_date=2026-03-09/', 'v1/ingest_date=2026-03-10/'])
  })
})

describe('of what was begun earlier', () => {
  it('the last blob of each partition may reach in, whatever lies between', async () => {
    const quiet = name('1', '03-09T01:00:00', 0, 9)
    const earlier = name('0', '03-10T07:00:00', 0, 9)
    const last = name('0', '03-10T08:00:00', 10, 19)
    const container = await containerWith(quiet, earlier, last)
    expect(await listed(container, '03-10T09:00:00', '03-10T10:00:00')).toEqual([quiet, last])
  })

  it('so may every blob that has messages of the last one, or later ones: batches that were run twice', async () => {
    const before = name('0', '03-10T05:00:00', 0, 9)
    const toItsFirst = name('0', '03-10T06:00:00', 5, 10)
    const beyond = name('0', '03-10T07:00:00', 7, 30)
    const elsewhere = name('1', '03-10T07:00:00', 0, 9)
    const last = name('0', '03-10T08:00:00', 10, 19)
    const container = await containerWith(before, toItsFirst, beyond, elsewhere, last)
    expect(await listed(container, '03-10T09:00:00', '03-10T10:00:00')).toEqual([
      toItsFirst,
      beyond,
      elsewhere,
      last,
    ])
  })

  it('partitions and hubs of one number are not taken for one', async () => {
    const place = { partition: '0', enqueuedAt: at('03-10T07:00:00') }
    const names = [{}, { hub: 'other' }, { namespace: 'other' }].map((change, i) =>
      blobName({
        first: positionOf(i, { ...place, ...change }),
        lastSequenceNumber: i,
        contentHash: sha256Hex('x'),
      }),
    )
    const container = await containerWith(...names)
    expect([...(await listed(container, '03-10T09:00:00', '03-10T10:00:00'))].sort()).toEqual(names.sort())
  })

  it('nothing is looked for further back than a hub keeps messages: seven days', async () => {
    const sevenDays = name('0', '03-03T09:30:00', 0, 9)
    const longer = name('1', '03-02T23:00:00', 0, 9)
    const container = await containerWith(sevenDays, longer)
    expect(await listed(container, '03-10T09:00:00', '03-10T10:00:00')).toEqual([sevenDays])
  })

  it('days are no longer looked through once 20,000 blobs were seen: so busy a hub leaves no chunk open', async () => {
    const blobs = (day: string, count: number) =>
      Array.from({ length: count }, (_, i) => ({ name: name('0', `${day}T01:00:00`, i, i) }))
    const days: Record<string, readonly { name: string }[]> = {
      '10': blobs('03-10', 5),
      '09': blobs('03-09', 19_995),
      '08': blobs('03-08', 1),
      '07': blobs('03-07', 1),
    }
    async function* flat(prefix = '') {
      yield* days[/2026-03-(\d\d)/.exec(prefix)?.[1] ?? ''] ?? []
    }
    async function* hierarchy() {
      for (const day of Object.keys(days)) yield { name: `v1/ingest_date=2026-03-${day}/` }
    }
    const { listing, asked } = watched({
      listBlobsFlat: (options) => flat(options?.prefix) as never,
      listBlobsByHierarchy: () => hierarchy() as never,
    })
    await listed(listing, '03-10T09:00:00', '03-10T09:00:00')
    expect(asked.slice(1)).toEqual(['10', '09', '08'].map((day) => `v1/ingest_date=2026-03-${day}/`))
  })
})
