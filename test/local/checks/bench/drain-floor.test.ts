import { gzipSync } from 'node:zlib'
import { TableClient } from '@azure/data-tables'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { drainFloor } from '../../../../local/checks/bench/drain-floor.ts'
import { type AzuriteStores, azuriteStores } from '../../../support/azurite-stores.ts'

let stores: AzuriteStores

beforeAll(async () => {
  stores = await azuriteStores()
})

afterAll(() => stores.stop())

it('the floor of a drain reads every blob, and leaves no row', async () => {
  const archive = await stores.container()
  const outbox = TableClient.fromConnectionString(stores.azurite.connectionString, 'outbox', {
    allowInsecureConnection: true,
  })
  await outbox.createTable()
  const blobs = ['a', 'b', 'c']
  for (const blob of blobs) {
    const content = gzipSync(blob)
    await archive.getBlockBlobClient(blob).upload(content, content.byteLength)
  }
  const rows = Array.from({ length: 150 }, (_, i) => ({
    partitionKey: 'webhook',
    rowKey: String(i).padStart(3, '0'),
  }))
  for (const some of [rows.slice(0, 100), rows.slice(100)])
    await outbox.submitTransaction(some.map((row) => ['create', row]))

  const floor = await drainFloor(blobs, archive, outbox)
  expect(floor.rows).toBe(150)
  expect(floor.seconds).toBeGreaterThan(0)
  for await (const row of outbox.listEntities()) expect.unreachable(`left: ${row.rowKey}`)
  await expect(drainFloor(['missing'], archive, outbox)).rejects.toMatchObject({ statusCode: 404 })
})
