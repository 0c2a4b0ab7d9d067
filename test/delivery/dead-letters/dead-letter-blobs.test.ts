import type { BlobItem, ContainerClient } from '@azure/storage-blob'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemTime } from '../../../shared/composition/system-time.ts'
import {
  type DeadLetter,
  deadLettersOf,
  type Replay,
} from '../../../shared/delivery/dead-letters/dead-letter.ts'
import {
  blobDeadLetters,
  deadLetterBlobName,
} from '../../../shared/delivery/dead-letters/dead-letter-blobs.ts'
import { recordFault } from '../../../shared/domain/fault.ts'
import { instant } from '../../../shared/domain/identifiers.ts'
import { archivedEventAt } from '../../support/archived-event-at.ts'
import { type AzuriteStores, azuriteStores } from '../../support/azurite-stores.ts'

let stores: AzuriteStores
beforeAll(async () => {
  stores = await azuriteStores()
})
afterAll(() => stores.stop())

const blobsOf = async (container: ContainerClient): Promise<readonly BlobItem[]> => {
  const blobs = []
  for await (const blob of container.listBlobsFlat({ includeMetadata: true })) blobs.push(blob)
  return blobs
}

describe('dead letters in blobs', () => {
  const fault = recordFault('payloadRefused', 'The sink refused the payload: 400. Check the mapping.', {
    status: 400,
  })
  const deadLettered = (
    lines: readonly number[],
    deadLetteredMs: number,
    replay?: Replay,
  ): readonly DeadLetter[] =>
    deadLettersOf(
      'webhook',
      lines.map((n) => ({ archived: archivedEventAt(n), fault })),
      3,
      Date.UTC(2026, 2, 1),
      deadLetteredMs,
      replay,
    )
  const some = (...lines: readonly number[]) => deadLettered(lines, Date.UTC(2026, 2, 2))

  it('say what happened, what to check, where the record lies, how often it was tried and when', async () => {
    const container = await stores.container()
    await blobDeadLetters(container, systemTime).write(some(4))
    const names = []
    for await (const { name } of container.listBlobsFlat()) names.push(name)
    expect(names).toHaveLength(1)
    const text = (await container.getBlockBlobClient(names[0] ?? '').downloadToBuffer()).toString()
    expect(JSON.parse(text)).toMatchObject({
      v: 1,
      sink: 'webhook',
      fault: {
        code: 'payloadRefused',
        scope: 'record',
        status: 400,
        message: expect.stringContaining('Check'),
      },
      blob: 'v1/blob.jsonl.gz',
      line: 4,
      position: { sequenceNumber: 4, enqueuedAt: '2026-03-01T09:00:04.000Z' },
      attempts: 3,
      firstTriedAt: '2026-03-01T00:00:00.000Z',
      deadLetteredAt: '2026-03-02T00:00:00.000Z',
    })
  })

  it('are one blob for those dead-lettered together, and the same dead letter is no second one', async () => {
    const container = await stores.container()
    const deadLetters = blobDeadLetters(container, systemTime)
    await deadLetters.write(some(1, 2, 3))
    await deadLetters.write(some(1, 2, 3))
    await deadLetters.write(some(1, 2))
    await deadLetters.write([])
    let count = 0
    for await (const _ of container.listBlobsFlat()) count++
    expect(count).toBe(2)
  })

  it('keep the day of their first dead letter, however often the batch is run again', async () => {
    const container = await stores.container()
    const deadLetters = blobDeadLetters(container, systemTime)
    await deadLetters.write(some(1))
    await deadLetters.write(deadLettered([1], Date.UTC(2026, 2, 9)))
    const [blob, ...others] = await blobsOf(container)
    expect(others).toEqual([])
    const text = (await container.getBlockBlobClient(blob?.name ?? '').downloadToBuffer()).toString()
    expect(JSON.parse(text)).toMatchObject({ deadLetteredAt: '2026-03-02T00:00:00.000Z' })
  })

  it('are dead-lettered again, beside the first time, where an operator had asked for them again', async () => {
    const container = await stores.container()
    const deadLetters = blobDeadLetters(container, systemTime)
    const askedFor = (at: number): Replay => ({ mode: 'asArchived', askedAt: instant(at) })
    await deadLetters.write(some(1))
    await deadLetters.write(deadLettered([1], Date.UTC(2026, 2, 3), askedFor(1)))
    await deadLetters.write(deadLettered([1], Date.UTC(2026, 2, 4), askedFor(2)))
    await deadLetters.write(deadLettered([1], Date.UTC(2026, 2, 5), askedFor(2)))
    expect(await blobsOf(container)).toHaveLength(3)
  })

  it('say beside their content how many they are', async () => {
    const container = await stores.container()
    await blobDeadLetters(container, systemTime).write(some(1, 2, 3))
    const [blob] = await blobsOf(container)
    expect(blob?.metadata).toEqual({ deadletters: '3' })
    expect(blob?.properties.contentType).toBe('application/x-ndjson')
  })

  it('lie in the folder of their sink, or of records, under the name of their archive blob', () => {
    const [deadLetter] = some(7)
    if (deadLetter === undefined) throw new Error('no dead letter')
    const blob = 'v1/ingest_date=2026-03-01/v1/x.jsonl.gz.y/a.jsonl.gz'
    expect(deadLetterBlobName([{ ...deadLetter, blob }])).toMatch(
      /^v1\/webhook\/ingest_date=2026-03-01\/v1\/x\.jsonl\.gz\.y\/a\/000007-[0-9a-f]{8}\.jsonl$/,
    )
    const { sink: _, ...ofRecord } = deadLetter
    expect(deadLetterBlobName([ofRecord])).toMatch(/^v1\/records\/blob\//)
  })

  it('have a name by their lines, however alike the digits of these are', () => {
    expect(deadLetterBlobName(some(1, 2, 34))).not.toBe(deadLetterBlobName(some(1, 23, 4)))
  })

  it('are not taken for written where a blob of their name is empty', async () => {
    const container = await stores.container()
    await container.getBlockBlobClient(deadLetterBlobName(some(1))).upload('', 0)
    await expect(blobDeadLetters(container, systemTime).write(some(1))).rejects.toMatchObject({
      name: 'DurabilityError',
    })
  })

  it('throw a durability error when they cannot be written', async () => {
    const container = await stores.container()
    await container.delete()
    await expect(blobDeadLetters(container, systemTime).write(some(1))).rejects.toMatchObject({
      name: 'DurabilityError',
      message: expect.stringContaining('Writing a dead letter'),
    })
  })

  it('are not taken for written when the storage answers 409 for another reason', async () => {
    const beingDeleted = Object.assign(new Error(), { statusCode: 409, code: 'ContainerBeingDeleted' })
    const upload = () => Promise.reject(beingDeleted)
    const container = { getBlockBlobClient: () => ({ upload }) as never }
    await expect(blobDeadLetters(container, systemTime).write(some(1))).rejects.toMatchObject({
      name: 'DurabilityError',
    })
  })
})
