import { buffer } from 'node:stream/consumers'
import { ContainerSASPermissions } from '@azure/storage-blob'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLocalAuthority, LOCAL_HOSTS } from '../../local/emulators/tls/local-authority.ts'
import { LeanContainer } from '../../shared/azure/lean-container.ts'
import { olderClient } from '../../shared/azure/older-client.ts'
import { trustingClient } from '../../shared/composition/trusting-client.ts'
import { status } from '../support/scripted-answer.ts'
import { startScriptedServer } from '../support/scripted-server.ts'
import { type StorageAccount, storageAccount } from '../support/storage-account.ts'

let azurite: StorageAccount
let archive: LeanContainer
beforeAll(async () => {
  azurite = await storageAccount()
  archive = new LeanContainer(azurite.connectionString, 'archive')
  await archive.create()
})
afterAll(() => azurite.stop())

/** What the program looks at of an error. */
const errorOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    ({ name, statusCode, code }) => ({ name, statusCode, code }),
  )

const otherKey = (connectionString: string): string =>
  connectionString.replace(/AccountKey=[^;]+/, `AccountKey=${Buffer.alloc(64).toString('base64')}`)

async function content(container: LeanContainer, name: string): Promise<Buffer> {
  const { readableStreamBody } = await container.download(name)
  return readableStreamBody === undefined ? Buffer.alloc(0) : buffer(readableStreamBody)
}

describe('a lean download', () => {
  it.each(['v1/ingest_date=2026-03-01/p=0/1-2.jsonl.gz', "o'clock", 'a+b c', '100%', 'ü/漢字', '?#&'])(
    'is that of the SDK: %s',
    async (name) => {
      await archive.getBlockBlobClient(name).upload(Buffer.from([0, 255, 10]), 3)
      const theirs = await archive.getBlockBlobClient(name).download()
      const { contentLength, etag, lastModified } = await archive.download(name)
      expect([contentLength, etag, lastModified]).toEqual([3, theirs.etag, theirs.lastModified])
      expect(await content(archive, name)).toEqual(Buffer.from([0, 255, 10]))
    },
  )

  it('may be signed by a shared access signature', async () => {
    await archive.getBlockBlobClient('v1/b').upload('text', 4)
    const sas = await archive.generateSasUrl({
      permissions: ContainerSASPermissions.parse('r'),
      expiresOn: new Date(Date.now() + 3_600_000),
    })
    expect(String(await content(new LeanContainer(sas), 'v1/b'))).toBe('text')
  })

  it.each([
    ['a blob that is not there', () => archive],
    ['a container that is not there', () => new LeanContainer(azurite.connectionString, 'none')],
    ['a key that is refused', () => new LeanContainer(otherKey(azurite.connectionString), 'archive')],
  ])('fails as that of the SDK does: %s', async (_, container) => {
    const told = await errorOf(container().getBlockBlobClient('v1/none').download())
    expect(told).toEqual({ name: 'RestError', statusCode: expect.any(Number), code: expect.any(String) })
    expect(await errorOf(content(container(), 'v1/none'))).toEqual(told)
  })

  it('brings a token, and is tried again where the storage has no time', async () => {
    const authority = await createLocalAuthority()
    const server = await startScriptedServer(await authority.issue(LOCAL_HOSTS))
    server.script(status(503), status(200, {}, 'text'))
    const token = { getToken: async () => ({ token: 'reader', expiresOnTimestamp: Number.MAX_SAFE_INTEGER }) }
    const container = new LeanContainer(`${server.origin}/archive`, token, {
      httpClient: olderClient(trustingClient(authority.caPem)),
      retryOptions: { retryDelayInMs: 1 },
    })
    expect(String(await content(container, 'v1/b'))).toBe('text')
    expect(server.requests.map(({ path, headers }) => [path, headers.authorization])).toEqual([
      ['/archive/v1/b', 'Bearer reader'],
      ['/archive/v1/b', 'Bearer reader'],
    ])
    await server.stop()
  })

  it('over http brings no token', async () => {
    const token = { getToken: () => Promise.reject(new Error('A token was asked for.')) }
    const container = new LeanContainer('http://127.0.0.1:1/archive', token)
    await expect(content(container, 'v1/b')).rejects.toThrow('non-https')
  })
})
