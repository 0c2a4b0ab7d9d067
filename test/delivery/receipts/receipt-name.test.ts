import { describe, expect, it } from 'vitest'
import { folderOfBlob, receiptName, receiptPlaces } from '../../../shared/delivery/receipts/receipt-name.ts'

const AT = '2026-03-01T12:00:00.000Z'
const FOLDER = 'v1/ingest_date=2026-03-01/ingest_hour=09/ns/hub/p=0'
const pad = (n: number): string => String(n).padStart(20, '0')
const blobOf = (from: number, to: number): string =>
  `${FOLDER}/${pad(from)}-${pad(to)}-0123456789abcdef.jsonl.gz`

describe('a receipt about several blobs', () => {
  it('is named after all that they hold, in whatever order they come', () => {
    const blobs = [blobOf(5, 6), blobOf(1, 30), blobOf(7, 9), blobOf(5, 6)]
    const name = receiptName(blobs, AT, '{}')
    expect(name).toMatch(
      new RegExp(`^${FOLDER}/redelivered/${pad(1)}-${pad(30)}-2026-03-01T120000\\.000Z-[0-9a-f]{8}\\.json$`),
    )
    expect(receiptName(blobs, AT, '{ }'), 'of other content').not.toBe(name)
  })

  it('may concern every blob, where a name does not tell what its blob holds', () => {
    const name = receiptName([blobOf(5, 6), `${FOLDER}/of-no-number.jsonl.gz`], AT, '{}')
    expect(name).toContain(`/redelivered/${'0'.repeat(20)}-${'9'.repeat(20)}-`)
    for (const blob of [blobOf(1, 2), blobOf(5, 6), blobOf(90, 91), `${FOLDER}/of-no-number.jsonl.gz`])
      expect(receiptPlaces(blob).mayConcern(name)).toBe(true)
  })

  it('may concern every blob, where it has another name', () => {
    expect(receiptPlaces(blobOf(5, 6)).mayConcern(`${FOLDER}/redelivered/of-no-number.json`)).toBe(true)
  })

  it('concerns blobs that share a message with it', () => {
    const name = receiptName([blobOf(5, 6), blobOf(8, 9)], AT, '{}')
    const concerned = [blobOf(1, 4), blobOf(1, 5), blobOf(7, 7), blobOf(9, 20), blobOf(10, 20)]
    expect(concerned.map((blob) => receiptPlaces(blob).mayConcern(name))).toEqual([
      false,
      true,
      true,
      true,
      false,
    ])
  })
})

it('a receipt about one blob lies in a folder of its own, and concerns it', () => {
  const name = receiptName([blobOf(1, 2), blobOf(1, 2)], AT, '{}')
  const { prefixes, mayConcern } = receiptPlaces(blobOf(1, 2))
  expect(prefixes[0]).toBe(`${blobOf(1, 2).replace('.jsonl.gz', '')}/`)
  expect([name.startsWith(prefixes[0] ?? '?'), mayConcern(name)]).toEqual([true, true])
  expect(prefixes[1]).toBe(`${FOLDER}/redelivered/`)
})

it('a blob whose name has no folder lies in none', () => {
  expect([folderOfBlob('chunk'), folderOfBlob('v1/a/chunk')]).toEqual(['', 'v1/a'])
})
