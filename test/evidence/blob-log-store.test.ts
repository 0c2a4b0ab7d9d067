import { BlobServiceClient } from '@azure/storage-blob'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { systemTime } from '../../shared/composition/system-time.ts'
import { blobLogStore, type LogContainers } from '../../shared/evidence/blob-log-store.ts'
import { localKeys } from '../../shared/evidence/keys/local-keys.ts'
import { commitName, NEWEST_CHECKPOINT } from '../../shared/evidence/log-layout.ts'
import type { LogStore } from '../../shared/evidence/log-store.ts'
import { seal } from '../../shared/evidence/seal/seal.ts'
import { sealedArchive } from '../../shared/evidence/seal/sealed-archive.ts'
import { aBlob, newKeyPem, OPTIONS, portsOf, readLog, sealedNames } from '../support/evidence-world.ts'
import { type StorageAccount, storageAccount } from '../support/storage-account.ts'
import { type StorageProxy, startStorageProxy } from '../support/storage-proxy.ts'

let azurite: StorageAccount
let proxy: StorageProxy
let blobs: BlobServiceClient
let containers: LogContainers
let store: LogStore
let made = 0
beforeAll(async () => {
  azurite = await storageAccount()
  proxy = await startStorageProxy(azurite.blobUrl)
  blobs = BlobServiceClient.fromConnectionString(
    azurite.connectionString.replace(new URL(azurite.blobUrl).origin, proxy.origin),
    { retryOptions: { maxTries: 1 } },
  )
})
afterAll(async () => {
  await proxy.stop()
  await azurite.stop()
})
beforeEach(async () => {
  made += 1
  const [log, fixed] = [`evidence${made}`, `evidence${made}-fixed`].map((name) =>
    blobs.getContainerClient(name),
  )
  if (log === undefined || fixed === undefined) throw new Error('no containers')
  await Promise.all([log.create(), fixed.create()])
  containers = { log, fixed }
  store = blobLogStore(containers, systemTime)
})
afterEach(() => proxy.answers('PUT', undefined))

const CONTENT = Buffer.from('content')
const allFiles = async (): Promise<ReadonlyMap<string, Buffer>> => {
  const files = new Map<string, Buffer>()
  for (const container of [containers.log, containers.fixed])
    for await (const { name } of container.listBlobsFlat())
      files.set(name, await container.getBlockBlobClient(name).downloadToBuffer())
  return files
}

describe('the log in Azure Blob Storage', () => {
  it('creates a blob once', async () => {
    expect(await store.create(commitName(0), CONTENT)).toBe('written')
    expect(await store.create(commitName(0), CONTENT)).toBe('alreadyThere')
    expect(await store.create(commitName(0), Buffer.from('other'))).toBe('other')
    expect(await store.read(commitName(0))).toEqual(CONTENT)
    expect(await store.read(commitName(1))).toBeUndefined()
  })

  // What a container under an immutability policy, and a role without the right to overwrite, say.
  it.each([
    { status: 409, code: 'BlobImmutableDueToPolicy' },
    { status: 409, code: 'BlobAlreadyExists' },
    { status: 412, code: 'ConditionNotMet' },
    { status: 403, code: 'UnauthorizedBlobOverwrite' },
  ])('told $status $code, looks what is there', async (answer) => {
    await store.create(commitName(0), CONTENT)
    proxy.answers('PUT', answer)
    expect(await store.create(commitName(0), CONTENT)).toBe('alreadyThere')
    expect(await store.create(commitName(0), Buffer.from('other'))).toBe('other')
    // The storage claims that something is there, and it is not.
    expect(await store.create(commitName(1), CONTENT)).toBe('other')
  })

  it('does not take any other refusal for a blob that is there', async () => {
    proxy.answers('PUT', { status: 403, code: 'AuthorizationPermissionMismatch' })
    await expect(store.create(commitName(0), CONTENT)).rejects.toMatchObject({ statusCode: 403 })
  })

  it('keeps what must not be written again in a container of its own', async () => {
    await store.create(commitName(0), CONTENT)
    await store.put('tile/0/000.p/1', CONTENT)
    await store.advance(NEWEST_CHECKPOINT, CONTENT, async () => false)
    const names = async (container: LogContainers['log']) => {
      const found: string[] = []
      for await (const { name } of container.listBlobsFlat()) found.push(name)
      return found
    }
    expect(await names(containers.log)).toEqual([NEWEST_CHECKPOINT, 'tile/0/000.p/1'])
    expect(await names(containers.fixed)).toEqual([commitName(0)])
  })

  it('does not overwrite what is newer, however many write at once', async () => {
    const isNewer = (size: number) => async (existing: Buffer) => Number(existing.toString()) > size
    await Promise.all(
      [3, 1, 4, 5, 9, 2, 6].map((size) =>
        store.advance(NEWEST_CHECKPOINT, Buffer.from(String(size)), isNewer(size)).catch(() => undefined),
      ),
    )
    await store.advance(NEWEST_CHECKPOINT, Buffer.from('7'), isNewer(7))
    expect(Number((await store.read(NEWEST_CHECKPOINT))?.toString())).toBeGreaterThanOrEqual(7)
  })
})

describe('sealing in Azure Blob Storage', () => {
  it('makes one log, though six seal at once and four of them are killed', async () => {
    const archive = blobs.getContainerClient(`archive${made}`)
    await archive.create()
    for (let n = 0; n < 30; n += 1) {
      const { name, content } = aBlob(n)
      await archive.getBlockBlobClient(name).upload(content, content.byteLength)
    }
    const pem = newKeyPem()
    // Azurite tells times in whole seconds.
    await new Promise((resolve) => setTimeout(resolve, 1100))
    const options = { ...OPTIONS, settleMs: 0, maxBlobs: 5 }
    const run = (killedAt: number) => {
      let steps = 0
      return seal(
        portsOf(sealedArchive(archive, systemTime), store, {
          keys: localKeys(pem),
          failpoint: () => {
            steps += 1
            if (steps === killedAt) throw new Error('killed')
          },
        }),
        options,
      ).catch((error: unknown) => {
        if (!(error instanceof Error && error.message === 'killed')) throw error
      })
    }
    await Promise.all([1, 2, 3, 4, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY].map(run))
    await run(Number.POSITIVE_INFINITY)
    const { leaves, commits, checkpoints, newest } = readLog(await allFiles())
    expect([...sealedNames(leaves)].sort()).toEqual(
      Array.from({ length: 30 }, (_, n) => aBlob(n).name).sort(),
    )
    expect(checkpoints).toHaveLength(commits.length)
    expect(newest?.size).toBe(leaves.length)
  }, 60_000)

  it('lists and reads archive blobs, and no others', async () => {
    const archive = blobs.getContainerClient(`archived${made}`)
    await archive.create()
    const { name, content } = aBlob(1)
    await archive.getBlockBlobClient(name).upload(content, content.byteLength)
    await archive.getBlockBlobClient('v1/ingest_date=2026-11-02/other.txt').upload('x', 1)
    const sealed = sealedArchive(archive, systemTime)
    const { at, days } = await sealed.days()
    expect(days).toEqual(['2026-11-02'])
    expect(Math.abs(at - Date.now())).toBeLessThan(5000)
    const listed = []
    for await (const blob of sealed.blobsOf('2026-11-02')) listed.push(blob.name)
    expect(listed).toEqual([name])
    expect(await sealed.read(name)).toEqual(content)
    expect(await sealed.read('v1/missing')).toBeUndefined()
  })
})
