import type { ContainerClient } from '@azure/storage-blob'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Instant, instant } from '../../../shared/domain/identifiers.ts'
import { isoInstant } from '../../../shared/domain/iso-instant.ts'
import {
  deadLettersSince,
  outcomesSince,
  recordsSince,
} from '../../../shared/operations/status/stored-health.ts'
import { type AzuriteStores, azuriteStores } from '../../support/azurite-stores.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

let stores: AzuriteStores
let container: ContainerClient
/** The storage has a clock of its own: what is written here is written now. */
const now = instant(Date.now())
const SINCE = instant(now - 60_000)
const LATER = instant(now + HOUR)
beforeAll(async () => {
  stores = await azuriteStores()
})
afterAll(() => stores.stop())

const hourOf = (at: Instant): string =>
  `ingest_date=${isoInstant(at).slice(0, 10)}/ingest_hour=${isoInstant(at).slice(11, 13)}`
const ago = (ms: number): Instant => instant(now - ms)

/** Blobs of these names with this metadata, in a container of their own. */
async function written(blobs: Readonly<Record<string, Record<string, string>>>): Promise<void> {
  container = await stores.container()
  for (const [name, metadata] of Object.entries(blobs))
    await container.getBlockBlobClient(name).upload('', 0, { metadata })
}

describe('the records that came in', () => {
  const counts = { records: '9', events: '5', faults: '3', skipped: '1' }

  it('are those of the blobs written since, also of messages that waited a day in the hub', async () => {
    await written({
      [`v1/${hourOf(now)}/a`]: counts,
      [`v1/${hourOf(now)}/b`]: counts,
      [`v1/${hourOf(ago(DAY))}/c`]: counts,
      [`v1/${hourOf(ago(DAY + 2 * HOUR))}/of-longer-ago`]: counts,
    })
    expect(await recordsSince(container, SINCE, now)).toEqual({
      records: 27,
      events: 15,
      faults: 9,
      skipped: 3,
    })
    expect(await recordsSince(container, LATER, LATER)).toEqual({
      records: 0,
      events: 0,
      faults: 0,
      skipped: 0,
    })
  })

  it('are none of a blob that does not say', async () => {
    await written({ [`v1/${hourOf(now)}/a`]: { records: 'many' }, [`v1/${hourOf(now)}/b`]: {} })
    expect(await recordsSince(container, SINCE, now)).toMatchObject({ records: 0, events: 0 })
  })
})

describe('how events ended', () => {
  it('is added up per sink from the receipts written since', async () => {
    await written({
      [`v1/${hourOf(now)}/a`]: { tallies: 'log-analytics=1,2,3,4,5;webhook=10,0,0,0,0' },
      [`v1/${hourOf(ago(DAY))}/b`]: { tallies: 'webhook=1,1,1,1,1' },
      [`v1/${hourOf(ago(DAY + 2 * HOUR))}/of-longer-ago`]: { tallies: 'webhook=1,1,1,1,1' },
      [`v1/${hourOf(now)}/without`]: {},
    })
    expect(await outcomesSince(container, SINCE, now)).toEqual(
      new Map([
        ['log-analytics', { delivered: 1, pending: 2, deadLettered: 3, duplicate: 4, filtered: 5 }],
        ['webhook', { delivered: 11, pending: 1, deadLettered: 1, duplicate: 1, filtered: 1 }],
      ]),
    )
    expect(await outcomesSince(container, LATER, LATER)).toEqual(new Map())
  })
})

describe('dead letters', () => {
  it('are counted of all that were written since, of messages as old as a delivery may be pending', async () => {
    const day = (at: Instant) => `ingest_date=${isoInstant(at).slice(0, 10)}`
    await written({
      [`v1/webhook/${day(now)}/a`]: { deadletters: '2' },
      [`v1/webhook/${day(ago(3 * DAY))}/b`]: { deadletters: '3' },
      [`v1/webhook/${day(ago(5 * DAY))}/of-longer-ago`]: { deadletters: '7' },
      [`v1/records/${day(now)}/c`]: { deadletters: '10' },
      [`v1/log-analytics/${day(now)}/not-asked-for`]: { deadletters: '100' },
    })
    expect(await deadLettersSince(container, ['webhook', 'records'], SINCE, now, 3 * DAY)).toBe(15)
    expect(await deadLettersSince(container, ['webhook', 'records'], LATER, LATER, 3 * DAY)).toBe(0)
  })
})
