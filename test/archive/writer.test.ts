import { BlobServiceClient, type ContainerClient } from '@azure/storage-blob'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { buildChunk, type Chunk } from '../../shared/archive/chunk.ts'
import { archiveWriter } from '../../shared/archive/writer.ts'
import type { DeadLetter } from '../../shared/delivery/dead-letters/dead-letter.ts'
import { blobDeadLetters, deadLetterBlobName } from '../../shared/delivery/dead-letters/dead-letter-blobs.ts'
import { DurabilityError } from '../../shared/domain/durability-error.ts'
import { recordFault } from '../../shared/domain/fault.ts'
import { instant } from '../../shared/domain/identifiers.ts'
import { digestOf } from '../../shared/encoding/digest.ts'
import { readMessage } from '../../shared/source/read-message.ts'
import { settings } from '../source/reading-under-test.ts'
import { positionOf } from '../support/archive-lines.ts'
import { envelope, riskRecord } from '../support/ingest-world.ts'
import { type StorageAccount, storageAccount } from '../support/storage-account.ts'
import { type StorageProxy, startStorageProxy } from '../support/storage-proxy.ts'
import { virtualTime } from '../support/virtual-time.ts'

/** What a storage can say of a blob that is there already. */
const THERE = [
  { status: 409, code: 'BlobAlreadyExists' },
  { status: 412, code: 'ConditionNotMet' },
  { status: 409, code: 'BlobImmutableDueToPolicy' },
  { status: 403, code: 'UnauthorizedBlobOverwrite' },
] as const

let azurite: StorageAccount
let proxy: StorageProxy
let container: ContainerClient
let next = 0
beforeAll(async () => {
  azurite = await storageAccount()
  proxy = await startStorageProxy(azurite.blobUrl)
  const connectionString = azurite.connectionString.replace(new URL(azurite.blobUrl).origin, proxy.origin)
  container = BlobServiceClient.fromConnectionString(connectionString, {
    retryOptions: { maxTries: 1 },
  }).getContainerClient('archive')
  await container.create()
})
afterAll(async () => {
  await proxy.stop()
  await azurite.stop()
})
beforeEach(() => {
  proxy.answers('PUT', undefined)
  proxy.answers('HEAD', undefined)
})

const FAULTY = '{"category":"RiskyServicePrincipals","properties":{}}'
const aChunk = (): Chunk => {
  const position = positionOf(next++)
  return buildChunk([readMessage({ position, body: Buffer.from(envelope(FAULTY)) }, settings)])
}
const writer = (version = '1.0.0') => archiveWriter(container, version, virtualTime())

/** What it takes to write, in requests. */
async function requestsOf(write: () => Promise<unknown>): Promise<readonly string[]> {
  const before = proxy.asked.length
  await write()
  return proxy.asked.slice(before).map((asked) => asked.split(' ')[0] ?? '')
}

describe('the archive', () => {
  it('takes one request for a blob, and another for one that is there already', async () => {
    const chunk = aChunk()
    expect(await requestsOf(() => writer().write(chunk))).toEqual(['PUT'])
    expect(await requestsOf(() => writer().write(chunk))).toEqual(['PUT', 'HEAD'])
    expect(await writer('2.0.0').write(chunk), 'by another version').toBe('alreadyThere')
  })

  it('says beside the content of a blob what it holds, when it was written and by which program', async () => {
    const skipped = '{"category":"AuditLogs"}'
    const chunk = buildChunk(
      [envelope(riskRecord(1), FAULTY, FAULTY, skipped), envelope(skipped, skipped), envelope(skipped)].map(
        (body) => readMessage({ position: positionOf(next++), body: Buffer.from(body) }, settings),
      ),
    )
    await writer('1.2.3').write(chunk)
    const { metadata, contentType } = await container.getBlockBlobClient(chunk.blob).getProperties()
    expect(contentType).toBe('application/gzip')
    expect(metadata).toEqual({
      writtenat: '2026-03-01T12:00:00.000Z',
      programversion: '1.2.3',
      ...identityOf(chunk),
      messages: '3',
      records: '7',
      events: '1',
      faults: '2',
      skipped: '4',
      lines: '4',
    })
  })

  it.each(THERE)('believes $status $code of a blob that it has', async (answer) => {
    const chunk = aChunk()
    await writer().write(chunk)
    proxy.answers('PUT', answer)
    expect(await writer().write(chunk)).toBe('alreadyThere')
  })

  it.each(THERE)('does not believe $status $code of a blob that it never stored', async (answer) => {
    proxy.answers('PUT', answer)
    const write = writer().write(aChunk())
    await expect(write).rejects.toThrow(DurabilityError)
    await expect(write).rejects.toThrow(/NotThereError BlobMissing/)
  })

  it.each([
    ['is empty', '', (chunk: Chunk) => identityOf(chunk)],
    [
      'is of another content',
      'else',
      (chunk: Chunk) => ({ ...identityOf(chunk), contentsha256: '0'.repeat(64) }),
    ],
    ['is of another size', 'else', (chunk: Chunk) => ({ ...identityOf(chunk), contentbytes: '1' })],
    ['does not say what it is', 'else', () => ({})],
  ])('does not take a blob for this one that %s', async (_, content, metadataOf) => {
    const chunk = aChunk()
    const metadata = metadataOf(chunk)
    await container.getBlockBlobClient(chunk.blob).upload(content, content.length, { metadata })
    await expect(writer().write(chunk)).rejects.toThrow(/NotThereError BlobDiffers/)
  })

  it.each([
    { status: 403, code: 'AuthorizationPermissionMismatch' },
    { status: 503, code: 'ServerBusy' },
  ])('does not take $status for a look', async (answer) => {
    const chunk = aChunk()
    await writer().write(chunk)
    proxy.answers('HEAD', answer)
    await expect(writer().write(chunk)).rejects.toThrow(DurabilityError)
  })
})

const identityOf = (chunk: Chunk) => ({
  contentsha256: chunk.contentHash,
  contentbytes: String(chunk.content.byteLength),
})

describe('dead letters', () => {
  const deadLetter = (line: number): DeadLetter => ({
    v: 1,
    id: '0366b8732872a195',
    sink: 'webhook',
    fault: recordFault('payloadRefused', 'no'),
    blob: 'v1/chunk.jsonl.gz',
    line,
    position: positionOf(line),
    ordinal: 0,
    digest: digestOf(`sha256:${'0'.repeat(64)}`),
    attempts: 1,
    firstTriedAt: instant(0),
    deadLetteredAt: instant(0),
  })
  const write = (some: readonly DeadLetter[]) => blobDeadLetters(container, virtualTime()).write(some)

  it('that are dead-lettered again are no second dead letter, whenever that is', async () => {
    await write([deadLetter(1), deadLetter(2)])
    await write([deadLetter(1), deadLetter(2)].map((l) => ({ ...l, deadLetteredAt: instant(1) })))
    const { metadata } = await container
      .getBlockBlobClient(deadLetterBlobName([deadLetter(1), deadLetter(2)]))
      .getProperties()
    expect(metadata?.deadletters).toBe('2')
  })

  it('are not taken for dead-lettered because a storage says so', async () => {
    proxy.answers('PUT', { status: 409, code: 'BlobAlreadyExists' })
    await expect(write([deadLetter(3)])).rejects.toThrow(/NotThereError BlobMissing/)
  })
})
