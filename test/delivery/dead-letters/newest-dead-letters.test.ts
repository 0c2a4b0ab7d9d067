import { afterAll, beforeAll, expect, it } from 'vitest'
import { LeanContainer } from '../../../shared/azure/lean-container.ts'
import { type DeadLetter, deadLetterId } from '../../../shared/delivery/dead-letters/dead-letter.ts'
import { blobDeadLetters } from '../../../shared/delivery/dead-letters/dead-letter-blobs.ts'
import { deadLetterReader } from '../../../shared/delivery/dead-letters/dead-letter-reader.ts'
import { recordFault } from '../../../shared/domain/fault.ts'
import { instant } from '../../../shared/domain/identifiers.ts'
import { digestOf } from '../../../shared/encoding/digest.ts'
import { positionOf } from '../../support/archive-lines.ts'
import { type StorageAccount, storageAccount } from '../../support/storage-account.ts'
import { virtualTime } from '../../support/virtual-time.ts'

const DAYS = ['2026-02-27', '2026-02-28', '2026-03-01']

let azurite: StorageAccount
let container: LeanContainer
beforeAll(async () => {
  azurite = await storageAccount()
  container = new LeanContainer(azurite.connectionString, 'deadletters')
  await container.create()
  const deadLetters = blobDeadLetters(container, virtualTime())
  for (const [day, date] of DAYS.entries()) {
    for (const sink of ['log-analytics', 'webhook', undefined]) {
      for (const line of [0, 1]) await deadLetters.write([deadLetterOf(date, instant(day), line, sink)])
    }
  }
  // What the host gave up on, and messages without a position, are no dead letters.
  await container.getBlockBlobClient('v1/poison/2026-03-01/x.txt').upload('x', 1)
  await container.getBlockBlobClient('v1/without-position/ingest_date=2026-03-01/x.json').upload('{}', 2)
})
afterAll(() => azurite.stop())

function deadLetterOf(
  date: string,
  deadLetteredAt: DeadLetter['deadLetteredAt'],
  line: number,
  sink?: string,
): DeadLetter {
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
    firstTriedAt: deadLetteredAt,
    deadLetteredAt,
  }
}

async function listed(maxBlobs: number | undefined, folder?: string): Promise<readonly string[]> {
  const found: string[] = []
  for await (const group of deadLetterReader(container, maxBlobs).newestFirst(folder))
    for (const { deadLetter } of group)
      found.push(`${deadLetter.sink ?? 'records'} ${/ingest_date=([\d-]+)/.exec(deadLetter.blob)?.[1]}`)
  return found
}

it('finds all dead letters, of all folders and days', async () => {
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
