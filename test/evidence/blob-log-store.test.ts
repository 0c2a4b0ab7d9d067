import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { buildChunk } from '../../shared/archive/chunk.ts'
import { archiveWriter } from '../../shared/archive/writer.ts'
import { LeanContainer } from '../../shared/azure/lean-container.ts'
import { systemTime } from '../../shared/composition/system-time.ts'
import { DurabilityError } from '../../shared/domain/durability-error.ts'
import { blobLogStore, type LogContainers } from '../../shared/evidence/blob-log-store.ts'
import { checkpointText, parseCheckpointText } from '../../shared/evidence/checkpoint.ts'
import { EvidenceError } from '../../shared/evidence/evidence-error.ts'
import { localKeys } from '../../shared/evidence/keys/local-keys.ts'
import { checkpointName, commitName, NEWEST_CHECKPOINT } from '../../shared/evidence/log-layout.ts'
import type { LogStore } from '../../shared/evidence/log-store.ts'
import { noteBytes } from '../../shared/evidence/note.ts'
import { seal } from '../../shared/evidence/seal/seal.ts'
import { sealedArchive } from '../../shared/evidence/seal/sealed-archive.ts'
import { readMessage } from '../../shared/source/read-message.ts'
import { settings } from '../source/reading-under-test.ts'
import { positionOf } from '../support/archive-lines.ts'
import {
  aBlob,
  MemoryArchive,
  newKeyPem,
  OPTIONS,
  portsOf,
  readLog,
  rememberingKeys,
  sealedNames,
} from '../support/evidence-world.ts'
import { runLength } from '../support/run-length.ts'
import { type StorageAccount, storageAccount } from '../support/storage-account.ts'
import { type StorageProxy, startStorageProxy } from '../support/storage-proxy.ts'
import { Killed, Process, seenBy } from './killed-process.ts'

let azurite: StorageAccount
let proxy: StorageProxy
let containers: LogContainers
let store: LogStore
let made = 0
const containerOf = (name: string) =>
  new LeanContainer(azurite.connectionString.replace(new URL(azurite.blobUrl).origin, proxy.origin), name, {
    retryOptions: { maxTries: 1 },
  })
beforeAll(async () => {
  azurite = await storageAccount()
  proxy = await startStorageProxy(azurite.blobUrl)
})
afterAll(async () => {
  await proxy.stop()
  await azurite.stop()
})
beforeEach(async () => {
  made += 1
  const [log, fixed] = [containerOf(`evidence${made}`), containerOf(`evidence${made}-fixed`)]
  await Promise.all([log.create(), fixed.create()])
  containers = { log, fixed }
  store = blobLogStore(containers, systemTime)
})
afterEach(() => proxy.answers('PUT', undefined))

const chunkOf = (n: number) =>
  buildChunk([readMessage({ position: positionOf(n), body: Buffer.from('{}') }, settings)])
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

/** As the service is under an immutability policy, which Azurite does not know. */
describe('where nothing may be overwritten', () => {
  beforeEach(() => proxy.protects(() => true))
  afterEach(() => proxy.protects(undefined))

  it.each([
    ['a commit', commitName(7)],
    ['a checkpoint', checkpointName(7)],
  ])('%s that is there is taken for written if it is the same, and for another if not', async (_, name) => {
    expect(await store.create(name, CONTENT)).toBe('written')
    expect(await store.create(name, CONTENT)).toBe('alreadyThere')
    expect(await store.create(name, Buffer.from('other'))).toBe('other')
    expect(await store.read(name)).toEqual(CONTENT)
  })

  it.each([
    ['a key', 'keys/0badcafe.pem'],
    ['a tile', 'tile/0/000'],
  ])('%s that is there is taken for written if it is the same, and fails if not', async (_, name) => {
    await store.put(name, CONTENT)
    await store.put(name, CONTENT)
    await expect(store.put(name, Buffer.from('other'))).rejects.toMatchObject({
      code: 'BlobImmutableDueToPolicy',
    })
    expect(await store.read(name)).toEqual(CONTENT)
  })

  it('an archive blob that is there is taken for written if it is the same, and fails if not', async () => {
    const archive = containerOf(`worm${made}`)
    await archive.create()
    const writer = archiveWriter(archive, '0.1.0', systemTime)
    const chunk = chunkOf(1)
    expect(await writer.write(chunk)).toBe('written')
    expect(await writer.write(chunk)).toBe('alreadyThere')
    await expect(writer.write({ ...chunkOf(2), blob: chunk.blob })).rejects.toThrow(DurabilityError)
  })

  it('a seal that was begun goes on, and one that meets a foreign commit or checkpoint fails', async () => {
    proxy.protects((path) => /-fixed\//.test(path))
    const archive = new MemoryArchive()
    const keys = localKeys(newKeyPem())
    const killed = { failpoint: () => Promise.reject(new Killed()) }
    archive.add(aBlob(1))
    archive.nowMs += 120_000
    await expect(seal(portsOf(archive, store, { keys, ...killed }), OPTIONS)).rejects.toThrow(Killed)
    const { size } = await seal(portsOf(archive, store, { keys }), OPTIONS)
    archive.add(aBlob(2))
    archive.nowMs += 120_000
    await store.create(commitName(size), Buffer.from('{}\n'))
    await expect(seal(portsOf(archive, store, { keys }), OPTIONS)).rejects.toThrow(EvidenceError)
  })

  it('a checkpoint of another tree under the name of ours fails', async () => {
    const archive = new MemoryArchive()
    const keys = localKeys(newKeyPem())
    archive.add(aBlob(1))
    archive.nowMs += 120_000
    // A seal of one blob has four leaves: key, blob, partition, seal.
    const foreign = checkpointText({ origin: OPTIONS.origin, size: 4, root: Buffer.alloc(32) })
    await store.create(checkpointName(4), noteBytes({ text: foreign, signatures: [] }))
    await expect(seal(portsOf(archive, store, { keys }), OPTIONS)).rejects.toThrow(EvidenceError)
  })
})

describe('sealing in Azure Blob Storage', () => {
  it('makes one log, though four seal at once and are killed, each step at its turn', async () => {
    const archive = containerOf(`archive${made}`)
    await archive.create()
    const keys = localKeys(newKeyPem())
    const signed: string[] = []
    // Azurite tells times in whole seconds: what was written just now is old enough.
    const options = { ...OPTIONS, settleMs: -2000, lookBackMs: 400 * 86_400_000, maxBlobs: 2 }
    const added: string[] = []
    const sealAs = async (process: Process): Promise<boolean> => {
      const { seenLog, seenArchive } = seenBy(process, sealedArchive(archive, systemTime), store)
      const ports = portsOf(seenArchive, seenLog, { keys: rememberingKeys(keys, signed) })
      return seal(ports, options).then(
        () => false,
        (error: unknown) => {
          if (error instanceof Killed) return true
          throw error
        },
      )
    }
    let reached = 0
    for (const pass of runLength(1, 2) === 1 ? [0] : [0, 1]) {
      for (let first = 1; ; first += 4) {
        for (let n = added.length; added.length < n + 3; ) {
          const { name, content } = aBlob(added.length)
          await archive.getBlockBlobClient(name).upload(content, content.byteLength)
          added.push(name)
        }
        const killed = await Promise.all(
          [0, 1, 2, 3].map((more) => sealAs(new Process(first + more, (first + more + pass) % 2 === 0))),
        )
        await sealAs(new Process(Number.POSITIVE_INFINITY, false))
        if (!killed.includes(true)) break
        reached = Math.max(reached, first + killed.lastIndexOf(true))
      }
    }
    expect(reached).toBeGreaterThan(20)
    const { leaves, commits, checkpoints, newest, root } = readLog(await allFiles())
    expect([...sealedNames(leaves)].sort()).toEqual(added.sort())
    expect(checkpoints).toHaveLength(commits.length)
    expect(newest?.size).toBe(leaves.length)
    for (const text of signed) {
      const head = parseCheckpointText(text)
      expect(head?.root).toEqual(root(head?.size ?? 0))
    }
  }, 120_000)

  it('lists and reads archive blobs, and no others', async () => {
    const archive = containerOf(`archived${made}`)
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
