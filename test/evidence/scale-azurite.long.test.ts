import { BlobServiceClient } from '@azure/storage-blob'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ahead } from '../../shared/evidence/seal/ahead.ts'
import { aBlob, newKeyPem } from '../support/evidence-world.ts'
import { sealArchive } from '../support/seal-archive.ts'
import { type StorageAccount, storageAccount } from '../support/storage-account.ts'

const BLOBS = 4_000
const WRITES_AT_ONCE = 8

/** Azurite looks through all blobs at every request: it, and not the program, sets the pace. */
describe(`an archive of ${BLOBS} blobs in Azurite`, () => {
  let account: StorageAccount
  beforeAll(async () => {
    account = await storageAccount()
    const archive = BlobServiceClient.fromConnectionString(account.connectionString).getContainerClient(
      'archive',
    )
    await archive.create()
    const numbers = Array.from({ length: BLOBS }, (_, n) => n)
    const write = async (n: number) => {
      const { name, content } = aBlob(n)
      await archive.getBlockBlobClient(name).upload(content, content.byteLength)
    }
    for await (const _ of ahead(numbers, WRITES_AT_ONCE, write));
  }, 900_000)
  afterAll(() => account.stop())

  it('is sealed at once, and is looked at as a whole without adding anything', async () => {
    const pem = newKeyPem()
    const timed = async (what: string) => {
      const startMs = performance.now()
      const report = await sealArchive(account.connectionString, pem)
      const seconds = ((performance.now() - startMs) / 1000).toFixed(1)
      process.stdout.write(
        `${what}: ${seconds} s, ${Math.round(process.memoryUsage().rss / 1e6)} MB resident\n`,
      )
      return report
    }
    const all = await timed(`sealing ${BLOBS} blobs in Azurite`)
    expect(all).toMatchObject({ blobs: BLOBS, commits: BLOBS / 2000 })
    const again = await timed('looking at all of them again')
    expect(again.blobs).toBe(0)
  }, 900_000)
})
