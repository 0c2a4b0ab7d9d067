import { BlobServiceClient, type ContainerClient } from '@azure/storage-blob'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Azurite, startAzurite } from '../../../local/emulators/azurite/azurite.ts'
import { type DeadLetter, deadLetterId } from '../../../shared/delivery/dead-letters/dead-letter.ts'
import { blobDeadLetters } from '../../../shared/delivery/dead-letters/dead-letter-blobs.ts'
import { letterBook } from '../../../shared/delivery/dead-letters/dead-letter-store.ts'
import { recordFault } from '../../../shared/domain/fault.ts'
import { instant } from '../../../shared/domain/identifiers.ts'
import { digestOf } from '../../../shared/encoding/digest.ts'
import { positionOf } from '../../support/archive-lines.ts'
import { virtualTime } from '../../support/virtual-time.ts'

const DAYS = ['2026-02-27', '2026-02-28', '2026-03-01']

let azurite: Azurite
let container: ContainerClient
beforeAll(async () => {
  azurite = await startAzurite()
  container = BlobServiceClient.fromConnectionString(azurite.connectionString).getContainerClient('letters')
  await container.create()
  const letters = blobDeadLetters(container, virtualTime())
  for (const [day, date] of DAYS.entries()) {
    for (const sink of ['log-analytics', 'webhook', undefined]) {
      for (const line of [0, 1]) await letters.bury([letterOf(date, instant(day), line, sink)])
    }
  }
  // What the host gave up on, and messages without a place, are no letters.
  await container.getBlockBlobClient('v1/poison/2026-03-01/x.txt').upload('x', 1)
  await container.getBlockBlobClient('v1/unplaced/ingest_date=2026-03-01/x.json').upload('{}', 2)
})
afterAll(() => azurite.stop())

function letterOf(date: string, diedAt: DeadLetter['diedAt'], line: number, sink?: string): DeadLetter {
  const blob = `v1/ingest_date=${date}/ingest_hour=09/ns/hub/p=0/chunk.jsonl.gz`
  return {
    v: 1,
    id: deadLetterId(sink, blob, line),
    ...(sink === undefined ? {} : { sink }),
    fault: recordFault('payloadRefused', 'no'),
    blob,
    line,
    position: positionOf(line),
    ordinal: 0,
    digest: digestOf(`sha256:${'0'.repeat(64)}`),
    attempts: 1,
    firstTriedAt: diedAt,
    diedAt,
  }
}

async function listed(maxBlobs: number | undefined, folder?: string): Promise<readonly string[]> {
  const found: string[] = []
  for await (const burial of letterBook(container, maxBlobs).newestFirst(folder))
    for (const { letter } of burial)
      found.push(`${letter.sink ?? 'records'} ${/ingest_date=([\d-]+)/.exec(letter.blob)?.[1]}`)
  return found
}

it('finds all letters, of all folders and days', async () => {
  expect(await listed(undefined)).toHaveLength(18)
  expect(await listed(undefined, 'webhook')).toHaveLength(6)
  expect(await listed(undefined, 'nobody')).toEqual([])
})

it('looks at those of the newest days where there are too many, of every folder', async () => {
  const found = await listed(12)
  expect(found).toHaveLength(12)
  for (const folder of ['log-analytics', 'webhook', 'records'])
    expect(new Set(found.filter((l) => l.startsWith(folder)))).toEqual(
      new Set([`${folder} 2026-03-01`, `${folder} 2026-02-28`]),
    )
  expect(await listed(3, 'webhook')).toEqual([
    'webhook 2026-03-01',
    'webhook 2026-03-01',
    'webhook 2026-02-28',
  ])
})
