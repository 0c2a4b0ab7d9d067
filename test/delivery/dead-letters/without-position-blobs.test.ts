import type { ContainerClient } from '@azure/storage-blob'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { blobsWithoutPosition } from '../../../shared/delivery/dead-letters/without-position-blobs.ts'
import type { MessageWithoutPosition } from '../../../shared/domain/message-without-position.ts'
import { sha256Hex } from '../../../shared/encoding/digest.ts'
import { type AzuriteStores, azuriteStores } from '../../support/azurite-stores.ts'
import { virtualTime } from '../../support/virtual-time.ts'

const BODY = Buffer.from([0xff, 0x00, 0x7b])
const MESSAGE: MessageWithoutPosition = {
  partition: { namespace: 'ns', hub: 'hub', partition: '0' },
  body: BODY,
  reported: '{"index":1}',
  reason: 'no enqueued time',
}

let stores: AzuriteStores
let container: ContainerClient
beforeAll(async () => {
  stores = await azuriteStores()
})
afterAll(() => stores.stop())
beforeEach(async () => {
  container = await stores.container()
})

const START = Date.UTC(2026, 2, 1, 9)
const keep = (change: Partial<MessageWithoutPosition> = {}, atMs = START) =>
  blobsWithoutPosition(container, virtualTime(atMs))({ ...MESSAGE, ...change })

async function kept() {
  const found = []
  for await (const { name, metadata } of container.listBlobsFlat({ includeMetadata: true }))
    found.push({ name, metadata, content: await container.getBlockBlobClient(name).downloadToBuffer() })
  return found
}
const names = async () => (await kept()).map(({ name }) => name)

describe('a message without a position is kept', () => {
  it('byte for byte, with what was told of it, and counts as one dead letter', async () => {
    await keep()
    const [bin, json, ...others] = await kept()
    expect(others).toEqual([])
    expect(bin?.name).toMatch(/^v1\/without-position\/ingest_date=2026-03-01\/[0-9a-f]{32}\.bin$/)
    expect(json?.name).toBe(bin?.name.replace('.bin', '.json'))
    expect(bin?.content).toEqual(BODY)
    expect(JSON.parse(json?.content.toString() ?? '')).toEqual({
      v: 1,
      reason: 'no enqueued time',
      namespace: 'ns',
      hub: 'hub',
      partition: '0',
      keptAt: '2026-03-01T09:00:00.000Z',
      reported: { index: 1 },
    })
    expect([bin?.metadata?.['deadletters'], json?.metadata]).toEqual([undefined, { deadletters: '1' }])
  })

  it('once, as it was kept first, however often its batch is run again that day', async () => {
    await keep()
    const first = await kept()
    await keep({}, START + 60_000)
    expect(await kept()).toEqual(first)
  })

  it('by what was told of it, where it has no body', async () => {
    await keep({ body: undefined })
    const hash = sha256Hex('ns\nhub\n0\n{"index":1}\n').slice(0, 32)
    expect(await names()).toEqual([`v1/without-position/ingest_date=2026-03-01/${hash}.json`])
    await keep({ body: Buffer.from('') })
    expect(await names(), 'an empty body is a body').toHaveLength(3)
  })

  it.each<[string, Partial<MessageWithoutPosition>]>([
    ['another body', { body: Buffer.from('other') }],
    ['something else reported', { reported: '{"index":2}' }],
    ['another namespace', { partition: { ...MESSAGE.partition, namespace: 'other' } }],
    ['another hub', { partition: { ...MESSAGE.partition, hub: 'other' } }],
    ['another partition', { partition: { ...MESSAGE.partition, partition: '1' } }],
  ])('beside one with %s', async (_, change) => {
    await keep()
    await keep(change)
    expect(await names()).toHaveLength(4)
  })

  it('or its batch is not passed, where something else has its name', async () => {
    await keep()
    const [bin = ''] = await names()
    await container.getBlockBlobClient(bin).upload('', 0)
    await expect(keep()).rejects.toMatchObject({ name: 'DurabilityError' })
  })

  it('or its batch is not passed', async () => {
    await container.delete()
    await expect(keep()).rejects.toMatchObject({
      name: 'DurabilityError',
      message: expect.stringContaining('Keeping a message without a position'),
    })
  })
})
