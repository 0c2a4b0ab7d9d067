import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LeanContainer } from '../../../shared/azure/lean-container.ts'
import { blobReceipts } from '../../../shared/delivery/receipts/receipt.ts'
import { receiptsBetween } from '../../../shared/delivery/receipts/receipts-between.ts'
import { instant } from '../../../shared/domain/identifiers.ts'
import { EMPTY_SINK_TALLY } from '../../../shared/domain/tally.ts'
import { type AzuriteStores, azuriteStores } from '../../support/azurite-stores.ts'
import { virtualTime } from '../../support/virtual-time.ts'

let stores: AzuriteStores
beforeAll(async () => {
  stores = await azuriteStores()
})
afterAll(() => stores.stop())

const blobOf = (day: string, hour: string, name = 'chunk'): string =>
  `v1/ingest_date=2026-03-${day}/ingest_hour=${hour}/ns/hub/p=0/${name}.jsonl.gz`

async function filed(blobs: readonly string[]): Promise<LeanContainer> {
  const container = await stores.container()
  const receipts = blobReceipts(container, virtualTime(), (cause) => {
    throw cause
  })
  for (const blob of blobs) {
    const tally = { ...EMPTY_SINK_TALLY, delivered: 1 }
    const how = { outcomes: { delivered: '0' }, attempts: 1, requests: [], tookMs: 5, stoppedBy: undefined }
    await receipts.file(blob, [{ sink: 'webhook', tally, ...how }])
  }
  return container
}

const at = (day: number, hour: number, minute = 0, ms = 0) =>
  instant(Date.UTC(2026, 2, day, hour, minute, 0, ms))

async function found(
  container: LeanContainer,
  from: ReturnType<typeof at>,
  to: ReturnType<typeof at>,
): Promise<readonly (readonly string[])[]> {
  const groups = []
  for await (const some of receiptsBetween(container, from, to)) groups.push(some.map(({ blob }) => blob))
  return groups
}

describe('receipts between two instants', () => {
  const blobs = [
    blobOf('01', '22'),
    blobOf('01', '23'),
    blobOf('02', '00'),
    blobOf('02', '12'),
    blobOf('02', '23'),
    blobOf('03', '00'),
    blobOf('03', '01'),
  ]
  let container: LeanContainer
  beforeAll(async () => {
    container = await filed(blobs)
    const beside = container.getBlockBlobClient('v1/ingest_date=2026-03-02/of-no-hour.json')
    await beside.upload('{}', 2)
  })

  it.each([
    ['the last of which has only begun', at(1, 23), at(3, 0, 0, 1), blobs.slice(1, 6)],
    ['the first of which is almost over', at(1, 23, 59), at(3, 0), blobs.slice(1, 5)],
    ['of one day', at(2, 0), at(2, 23), blobs.slice(2, 4)],
    ['of which there is one', at(2, 12, 30), at(2, 12, 31), [blobOf('02', '12')]],
    ['without receipts', at(2, 13), at(2, 23), []],
    ['that are none', at(2, 12), at(2, 12), []],
  ])('are those of the hours %s', async (_, from, to, expected) => {
    expect((await found(container, from, to)).flat()).toEqual(expected)
  })

  it('are all of them, however many, and only few at a time', async () => {
    const many = Array.from({ length: 35 }, (_, n) => blobOf('05', '09', `chunk-${10 + n}`))
    const groups = await found(await filed(many), at(5, 9), at(5, 10))
    expect(groups.flat()).toEqual(many)
    expect(Math.max(...groups.map((group) => group.length))).toBeLessThanOrEqual(16)
  })
})
