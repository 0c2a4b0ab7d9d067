import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LeanContainer } from '../../../shared/azure/lean-container.ts'
import { recordFault } from '../../../shared/domain/fault.ts'
import { instant } from '../../../shared/domain/identifiers.ts'
import type { LinesSeen } from '../../../shared/operations/auditor/unique-lines.ts'
import { uniqueLines } from '../../../shared/operations/auditor/unique-lines.ts'
import { unsplitMessage } from '../../../shared/source/unsplit-message.ts'
import { envelope, type IngestWorld, ingestWorld, messageAt, riskRecord } from '../../support/ingest-world.ts'
import { type StorageAccount, storageAccount } from '../../support/storage-account.ts'

const DAY_MS = 86_400_000
const START = Date.UTC(2026, 2, 1, 9)
let azurite: StorageAccount
let world: IngestWorld
beforeAll(async () => {
  azurite = await storageAccount()
  world = await ingestWorld({ azurite, sinks: [] })
  const batch = (from: number, to: number, startMs = START) =>
    world.ingest(
      Array.from({ length: to - from + 1 }, (_, i) =>
        messageAt(from + i, envelope(riskRecord(from + i), riskRecord(100 + from + i)), '0', startMs),
      ),
    )
  await batch(1, 6)
  // Run again: across its end, within it, and behind a blob that lies within.
  await batch(5, 9)
  await batch(2, 3)
  await batch(8, 12)
  // A program with a defect kept the message whole; a later one, which ran the batch again, read it.
  const message = messageAt(20, envelope(riskRecord(20), riskRecord(120)))
  const defect = recordFault('internalFault', 'A defect.')
  await world.ingest([message], (one) => unsplitMessage(one, defect))
  await world.ingest([message, messageAt(21, envelope(riskRecord(21), riskRecord(121)))])
  await world.ingest([
    message,
    messageAt(21, envelope(riskRecord(21), riskRecord(121))),
    messageAt(22, envelope(riskRecord(22), riskRecord(122))),
  ])
  // The hub is made again, and counts from the beginning.
  await batch(1, 4, START + DAY_MS)
})
afterAll(() => azurite.stop())

async function read(from: number, to: number) {
  const archive = new LeanContainer(azurite.connectionString, 'archive')
  const seen: LinesSeen = { blobs: 0, copies: 0 }
  const places: string[] = []
  const range = { from: instant(from), to: instant(to) }
  for await (const { line, bytes } of uniqueLines(archive, range, seen, () => undefined)) {
    expect(JSON.parse(bytes.toString()).position.sequenceNumber).toBe(line.position.sequenceNumber)
    const ordinal = line.kind === 'skipped' ? 0 : line.ordinal
    places.push(`${line.position.enqueuedAt} ${line.position.sequenceNumber} ${ordinal}`)
  }
  return { places, seen }
}

const placesOf = (from: number, to: number, startMs = START): readonly string[] =>
  Array.from({ length: to - from + 1 }, (_, i) =>
    [0, 1].map((ordinal) => `${startMs + (from + i) * 1000} ${from + i} ${ordinal}`),
  ).flat()

describe('lines of the archive, each once', () => {
  it('leaves out copies of batches that ran again, but nothing of a hub that was made again, and no event for a fault', async () => {
    const { places, seen } = await read(START, START + 2 * DAY_MS)
    const [whole = ''] = placesOf(20, 20)
    expect(places).toEqual([
      ...placesOf(1, 12),
      whole,
      ...placesOf(20, 22),
      ...placesOf(1, 4, START + DAY_MS),
    ])
    expect(seen).toEqual({ blobs: 8, copies: 16 })
  })

  it('begins and ends within a blob', async () => {
    const { places } = await read(START + 6000, START + 9000)
    expect(places).toEqual(placesOf(6, 8))
  })
})
