import { gunzipSync } from 'node:zlib'
import type { ContainerClient } from '@azure/storage-blob'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildChunk, type Chunk } from '../../shared/archive/chunk.ts'
import { archiveWriter } from '../../shared/archive/writer.ts'
import { sha256Hex } from '../../shared/encoding/digest.ts'
import { readMessage } from '../../shared/source/read-message.ts'
import { settings } from '../source/reading-under-test.ts'
import { positionOf } from '../support/archive-lines.ts'
import { type AzuriteStores, azuriteStores } from '../support/azurite-stores.ts'
import { virtualTime } from '../support/virtual-time.ts'

const START = Date.UTC(2026, 10, 2, 9)
const EVENT =
  '{"category":"RiskyServicePrincipals","properties":{"id":"sp","riskLastUpdatedDateTime":"2026-05-06T9:41:07Z"}}'

let stores: AzuriteStores
let container: ContainerClient
beforeAll(async () => {
  stores = await azuriteStores()
})
afterAll(() => stores.stop())

const chunkOf = (body: string): Chunk =>
  buildChunk([readMessage({ position: positionOf(7), body: Buffer.from(body) }, settings)])

const contentOf = async (blob: string): Promise<string> =>
  gunzipSync(await container.getBlockBlobClient(blob).downloadToBuffer()).toString()

const first = chunkOf('the first')
/** What no chunk of this program is: other content under the same name. */
const impostor: Chunk = { ...chunkOf('another, and longer'), blob: first.blob }

describe('a chunk in the archive', () => {
  beforeAll(async () => {
    container = await stores.container()
  })

  it('is its lines, compressed, under its name', async () => {
    expect(await archiveWriter(container, '1.2.3', virtualTime(START)).write(first)).toBe('written')
    expect(await contentOf(first.blob)).toBe(first.content.toString())
  })

  it('is never overwritten by other content under the same name', async () => {
    // Whether that is refused or passed over is another question.
    await Promise.allSettled([archiveWriter(container, '1.2.3', virtualTime(START)).write(impostor)])
    expect(await contentOf(first.blob)).toBe(first.content.toString())
  })

  it('is already there for a batch that is run again, and stays as it was first written', async () => {
    const later = archiveWriter(container, '1.2.4', virtualTime(START + 60_000))
    expect(await later.write(first)).toBe('alreadyThere')
    const { metadata } = await container.getBlockBlobClient(first.blob).getProperties()
    expect(metadata).toMatchObject({ writtenat: '2026-11-02T09:00:00.000Z', programversion: '1.2.3' })
  })

  it('says beside its content what it is, so that nobody has to unpack it to count', async () => {
    const skipped = '{"category":"SignInLogs"}'
    const chunk = chunkOf(`{"records":[${EVENT},{},${skipped},{},${skipped},${skipped}]}`)
    await archiveWriter(container, '1.2.3', virtualTime(START)).write(chunk)
    const { metadata, contentType } = await container.getBlockBlobClient(chunk.blob).getProperties()
    expect(contentType).toBe('application/gzip')
    expect(metadata).toEqual({
      writtenat: '2026-11-02T09:00:00.000Z',
      programversion: '1.2.3',
      contentsha256: sha256Hex(chunk.content),
      contentbytes: String(chunk.content.byteLength),
      messages: '1',
      records: '6',
      events: '1',
      faults: '2',
      skipped: '3',
      lines: '3',
    })
  })
})

it('of several writers at once exactly one writes, and what it wrote is there', async () => {
  container = await stores.container()
  const chunks = ['a', 'b', 'c'].map((body) => ({ ...chunkOf(body), blob: first.blob }))
  const writer = archiveWriter(container, '1.2.3', virtualTime(START))
  const results = await Promise.allSettled(chunks.map((chunk) => writer.write(chunk)))
  const winners = chunks.filter((_, i) => {
    const result = results[i]
    return result?.status === 'fulfilled' && result.value === 'written'
  })
  expect(winners).toHaveLength(1)
  expect(await contentOf(first.blob)).toBe(winners[0]?.content.toString())
})

describe('a chunk that the storage does not take is a durability error', () => {
  it.each([
    ['where there is no container', () => container.delete(), virtualTime(START)],
    [
      'where it has no time left',
      () => undefined,
      { ...virtualTime(START), limit: () => ({ signal: AbortSignal.abort(), end: () => undefined }) },
    ],
  ])('%s', async (_, harm, time) => {
    container = await stores.container()
    await harm()
    await expect(archiveWriter(container, '1.2.3', time).write(first)).rejects.toMatchObject({
      name: 'DurabilityError',
      message: expect.stringContaining('Writing an archive blob'),
    })
  })
})
