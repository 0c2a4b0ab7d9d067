import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LeanContainer } from '../../../shared/azure/lean-container.ts'
import { receiptsOf } from '../../../shared/delivery/receipts/newest-receipts.ts'
import { blobReceipts, type RowReport } from '../../../shared/delivery/receipts/receipt.ts'
import { instant } from '../../../shared/domain/identifiers.ts'
import { EMPTY_SINK_TALLY } from '../../../shared/domain/tally.ts'
import { outcomesSince } from '../../../shared/operations/status/stored-health.ts'
import { type AzuriteStores, azuriteStores } from '../../support/azurite-stores.ts'
import { virtualTime } from '../../support/virtual-time.ts'

let stores: AzuriteStores
beforeAll(async () => {
  stores = await azuriteStores()
})
afterAll(() => stores.stop())

const blobOf = (hour: string, from: number, to = from): string =>
  `v1/ingest_date=2026-03-01/ingest_hour=${hour}/ns/hub/p=0/${String(from).padStart(20, '0')}-${String(to).padStart(20, '0')}-0123456789abcdef.jsonl.gz`

const report = (blob: string, sink = 'webhook'): RowReport => ({
  blob,
  sink,
  lines: '0',
  tally: { ...EMPTY_SINK_TALLY, delivered: 1 },
  outcomes: { delivered: '0' },
  attempts: 2,
  requests: [],
  tookMs: 5,
  stoppedBy: undefined,
})

async function filed(
  ...reports: readonly RowReport[]
): Promise<{ container: LeanContainer; names: readonly string[] }> {
  const container = await stores.container()
  const time = virtualTime(Date.UTC(2026, 2, 1, 12))
  const receipts = blobReceipts(container, time, (cause) => {
    throw cause
  })
  await receipts.fileRows(reports)
  const names: string[] = []
  for await (const { name } of container.listBlobsFlat()) names.push(name)
  return { container, names }
}

describe('receipts of redelivered rows', () => {
  it('are one for all whose blobs lie in one folder, named after the range that they are about', async () => {
    const rows = [4, 5, 6].map((n) => report(blobOf('09', n)))
    const { names } = await filed(...rows, report(blobOf('10', 7)), report(blobOf('10', 8, 12)))
    expect(names.map((name) => name.replace(/-[0-9a-f]{8}\.json$/, ''))).toEqual([
      'v1/ingest_date=2026-03-01/ingest_hour=09/ns/hub/p=0/redelivered/00000000000000000004-00000000000000000006-2026-03-01T120000.000Z',
      'v1/ingest_date=2026-03-01/ingest_hour=10/ns/hub/p=0/redelivered/00000000000000000007-00000000000000000012-2026-03-01T120000.000Z',
    ])
  })

  it('lie where those of their blob lie, when they are about one', async () => {
    const { names } = await filed(report(blobOf('09', 4)), { ...report(blobOf('09', 4)), lines: '1' })
    expect(names).toHaveLength(1)
    expect(names[0]).toContain(`${blobOf('09', 4).replace('.jsonl.gz', '')}/`)
  })

  it('are found by each blob that they are about, and by no other', async () => {
    const blobs = [4, 5, 6].map((n) => blobOf('09', n))
    const { container } = await filed(...blobs.map((blob) => report(blob)))
    for (const blob of blobs) {
      const found = await receiptsOf(container, blob)
      expect(found.map((r) => [r.blob, r.lines, r.delivered, r.at])).toEqual([
        [blob, '0', 1, Date.UTC(2026, 2, 1, 12)],
      ])
    }
    expect(await receiptsOf(container, blobOf('09', 7))).toEqual([])
    expect(await receiptsOf(container, blobOf('10', 5))).toEqual([])
  })

  it('are read only where they may be about the blob that is asked for', async () => {
    const { container } = await filed(report(blobOf('09', 4)), report(blobOf('09', 6)))
    let read = 0
    const counting = Object.assign(Object.create(Object.getPrototypeOf(container)), container, {
      listBlobsFlat: container.listBlobsFlat.bind(container),
      download(name: string) {
        read++
        return container.download(name)
      },
    }) as LeanContainer
    await receiptsOf(counting, blobOf('09', 7, 9))
    expect(read).toBe(0)
    await receiptsOf(counting, blobOf('09', 5))
    expect(read).toBe(1)
  })

  it('are counted by a heartbeat, per sink and over all their rows', async () => {
    const many = Array.from({ length: 500 }, (_, n) => report(blobOf('09', n)))
    const { container } = await filed(...many, report(blobOf('09', 500), 'log-analytics'))
    const outcomes = await outcomesSince(
      container,
      instant(Date.UTC(2026, 2, 1, 9)),
      instant(Date.UTC(2026, 2, 1, 13)),
    )
    expect([...outcomes].map(([sink, { delivered }]) => [sink, delivered])).toEqual([
      ['webhook', 500],
      ['log-analytics', 1],
    ])
  })
})
