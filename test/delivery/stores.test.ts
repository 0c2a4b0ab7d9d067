import type { BlobItem, ContainerClient } from '@azure/storage-blob'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemTime } from '../../shared/composition/system-time.ts'
import {
  type DeadLetter,
  deadLetterId,
  lettersOf,
  type Replay,
} from '../../shared/delivery/dead-letters/dead-letter.ts'
import { blobDeadLetters, deadLetterBlobName } from '../../shared/delivery/dead-letters/dead-letter-blobs.ts'
import { Marks } from '../../shared/delivery/dedup/settled-ranges.ts'
import { tableMarks } from '../../shared/delivery/dedup/settled-table.ts'
import { pageOf } from '../../shared/delivery/outbox/outbox.ts'
import { parseRing } from '../../shared/delivery/outbox/parse-wake-up.ts'
import { queueDoorbell } from '../../shared/delivery/outbox/wake-up-queue.ts'
import { recordFault } from '../../shared/domain/fault.ts'
import { instant } from '../../shared/domain/identifiers.ts'
import { sha256Hex } from '../../shared/encoding/digest.ts'
import { type AzuriteStores, azuriteStores } from '../support/azurite-stores.ts'
import { placed } from '../support/placed-events.ts'

let stores: AzuriteStores
beforeAll(async () => {
  stores = await azuriteStores()
})
afterAll(() => stores.stop())

const at = (n: number) => placed(n).position
const stretch = (from: number, to: number) => ({ first: at(from), last: at(to) })

describe('marks in a table', () => {
  const troubles: string[] = []
  const marksOn = (table: Awaited<ReturnType<AzuriteStores['table']>>) =>
    new Marks(tableMarks(table), (doing) => troubles.push(doing))
  const settledAt = async (marks: Marks, sink: string, n: number) =>
    (await marks.before(at(n))).bySink.get(sink)?.map((s) => [s.fromSequenceNumber, s.toSequenceNumber])

  it('are known to the process that starts after a crash', async () => {
    const table = await stores.table()
    await marksOn(table).settled(stretch(0, 9), ['webhook', 'log-analytics'])
    const after = marksOn(table)
    expect(await settledAt(after, 'webhook', 0)).toEqual([[0, 9]])
    expect(await settledAt(after, 'log-analytics', 0)).toEqual([[0, 9]])
  })

  it('are one row for all sinks of a partition', async () => {
    const table = await stores.table()
    const marks = marksOn(table)
    await marks.settled(stretch(0, 9), ['webhook'])
    await marks.settled(stretch(10, 19), ['webhook', 'log-analytics'])
    const rows = []
    for await (const row of table.listEntities()) rows.push(row)
    expect(rows).toHaveLength(1)
  })

  it('keep what another process wrote in between', async () => {
    const table = await stores.table()
    const [mine, theirs] = [marksOn(table), marksOn(table)]
    await mine.settled(stretch(0, 9), ['webhook'])
    await theirs.before(at(50))
    await theirs.settled(stretch(50, 59), ['log-analytics'])
    await mine.settled(stretch(10, 19), ['webhook'])
    const after = marksOn(table)
    expect(await settledAt(after, 'webhook', 0)).toEqual([
      [0, 9],
      [10, 19],
    ])
    expect(await settledAt(after, 'log-analytics', 0)).toEqual([[50, 59]])
    expect(troubles).toEqual([])
  })

  it('lose no stretch when processes write at the same time', async () => {
    const table = await stores.table()
    const processes = [0, 10, 20].map((from) => ({ from, marks: marksOn(table) }))
    await Promise.all(processes.map(({ from, marks }) => marks.settled(stretch(from, from + 9), ['webhook'])))
    const known = (await settledAt(marksOn(table), 'webhook', 0)) ?? []
    expect(new Set(known.map(([from]) => from))).toEqual(new Set([0, 10, 20]))
  })

  it('cost no more than duplicates when they cannot be written or read', async () => {
    const table = await stores.table()
    const marks = marksOn(table)
    await table.deleteTable()
    troubles.length = 0
    await marks.settled(stretch(0, 9), ['webhook'])
    expect((await marks.before(at(5))).bySink.size).toBe(0)
    expect(troubles).toContain('write')
  })

  it('of a version that this program does not know count as none', async () => {
    const table = await stores.table()
    await table.createEntity({
      partitionKey: 'ns|hub|0',
      rowKey: 'marks',
      marks: JSON.stringify({ v: 2, sinks: { webhook: [{ up: 'to here' }] } }),
    })
    const marks = marksOn(table)
    expect((await marks.before(at(0))).bySink.size).toBe(0)
    await marks.settled(stretch(0, 4), ['webhook'])
    expect(await settledAt(marksOn(table), 'webhook', 0)).toEqual([[0, 4]])
  })
})

describe('the doorbell on a queue', () => {
  const page = { ...pageOf('webhook', at(0)), namespace: 'Zürich 漢"\\' }

  it('names the page, in plain text as host.json says, and in no field that the trigger would take for its own', async () => {
    const queue = await stores.queue()
    await queueDoorbell(queue, systemTime).ring(page, 0)
    const [message] = (await queue.receiveMessages()).receivedMessageItems
    const ring: unknown = JSON.parse(message?.messageText ?? '')
    expect(parseRing(ring)).toEqual(page)
    expect(Object.keys(ring as object)).toEqual(['outboxPage'])
  })

  it('does not go away by itself', async () => {
    const queue = await stores.queue()
    await queueDoorbell(queue, systemTime).ring(page, 0)
    const [message] = (await queue.receiveMessages()).receivedMessageItems
    expect(message?.expiresOn.getUTCFullYear()).toBeGreaterThan(9000)
  })

  it('stays silent until the delay is over, never rings early, and takes delays beyond what a queue can hold', async () => {
    const queue = await stores.queue()
    const before = Date.now()
    await queueDoorbell(queue, systemTime).ring(page, 1001)
    await queueDoorbell(queue, systemTime).ring(page, 30 * 24 * 3600 * 1000)
    expect((await queue.receiveMessages()).receivedMessageItems).toEqual([])
    const sent = (await queue.getProperties()).approximateMessagesCount
    expect(sent).toBe(2)
    while ((await queue.peekMessages()).peekedMessageItems.length === 0) {
      if (Date.now() - before > 10_000) throw new Error('It never rang.')
    }
    expect(Date.now() - before).toBeGreaterThanOrEqual(1001 - 50)
  })

  it('throws a durability error where there is no queue', async () => {
    const queue = await stores.queue()
    await queue.delete()
    await expect(queueDoorbell(queue, systemTime).ring(page, 0)).rejects.toMatchObject({
      name: 'DurabilityError',
    })
  })
})

const blobsOf = async (container: ContainerClient): Promise<readonly BlobItem[]> => {
  const blobs = []
  for await (const blob of container.listBlobsFlat({ includeMetadata: true })) blobs.push(blob)
  return blobs
}

describe('dead letters in blobs', () => {
  const fault = recordFault('payloadRefused', 'The sink refused the payload: 400. Check the mapping.', {
    status: 400,
  })
  const died = (lines: readonly number[], diedMs: number, replay?: Replay): readonly DeadLetter[] =>
    lettersOf(
      'webhook',
      lines.map((n) => ({ archived: placed(n), fault })),
      3,
      Date.UTC(2026, 2, 1),
      diedMs,
      replay,
    )
  const letters = (...lines: readonly number[]) => died(lines, Date.UTC(2026, 2, 2))

  it('say what happened, what to check, where the record lies, how often it was tried and when', async () => {
    const container = await stores.container()
    await blobDeadLetters(container, systemTime).bury(letters(4))
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
      diedAt: '2026-03-02T00:00:00.000Z',
    })
  })

  it('are one blob for those that die together, and the same burial is no second one', async () => {
    const container = await stores.container()
    const deadLetters = blobDeadLetters(container, systemTime)
    await deadLetters.bury(letters(1, 2, 3))
    await deadLetters.bury(letters(1, 2, 3))
    await deadLetters.bury(letters(1, 2))
    await deadLetters.bury([])
    let count = 0
    for await (const _ of container.listBlobsFlat()) count++
    expect(count).toBe(2)
  })

  it('keep the day of their first burial, however often the batch is run again', async () => {
    const container = await stores.container()
    const deadLetters = blobDeadLetters(container, systemTime)
    await deadLetters.bury(letters(1))
    await deadLetters.bury(died([1], Date.UTC(2026, 2, 9)))
    const [blob, ...others] = await blobsOf(container)
    expect(others).toEqual([])
    const text = (await container.getBlockBlobClient(blob?.name ?? '').downloadToBuffer()).toString()
    expect(JSON.parse(text)).toMatchObject({ diedAt: '2026-03-02T00:00:00.000Z' })
  })

  it('are buried again, beside the first time, where an operator had asked for them again', async () => {
    const container = await stores.container()
    const deadLetters = blobDeadLetters(container, systemTime)
    const askedFor = (at: number): Replay => ({ mode: 'asArchived', askedAt: instant(at) })
    await deadLetters.bury(letters(1))
    await deadLetters.bury(died([1], Date.UTC(2026, 2, 3), askedFor(1)))
    await deadLetters.bury(died([1], Date.UTC(2026, 2, 4), askedFor(2)))
    await deadLetters.bury(died([1], Date.UTC(2026, 2, 5), askedFor(2)))
    expect(await blobsOf(container)).toHaveLength(3)
  })

  it('say beside their content how many they are', async () => {
    const container = await stores.container()
    await blobDeadLetters(container, systemTime).bury(letters(1, 2, 3))
    const [blob] = await blobsOf(container)
    expect(blob?.metadata).toEqual({ letters: '3' })
    expect(blob?.properties.contentType).toBe('application/x-ndjson')
  })

  it('lie in the folder of their sink, or of records, under the name of their archive blob', () => {
    const [letter] = letters(7)
    if (letter === undefined) throw new Error('no letter')
    const blob = 'v1/ingest_date=2026-03-01/v1/x.jsonl.gz.y/a.jsonl.gz'
    expect(deadLetterBlobName([{ ...letter, blob }])).toMatch(
      /^v1\/webhook\/ingest_date=2026-03-01\/v1\/x\.jsonl\.gz\.y\/a\/000007-[0-9a-f]{8}\.jsonl$/,
    )
    const { sink: _, ...ofRecord } = letter
    expect(deadLetterBlobName([ofRecord])).toMatch(/^v1\/records\/blob\//)
  })

  it('have an id by what is dead and for whom', () => {
    expect(deadLetterId('webhook', 'v1/blob.jsonl.gz', 7)).toBe(
      sha256Hex('webhook\nv1/blob.jsonl.gz\n7').slice(0, 16),
    )
    expect(deadLetterId(undefined, 'v1/blob.jsonl.gz', 7)).toBe(
      sha256Hex('\nv1/blob.jsonl.gz\n7').slice(0, 16),
    )
  })

  it('throw a durability error when they cannot be written', async () => {
    const container = await stores.container()
    await container.delete()
    await expect(blobDeadLetters(container, systemTime).bury(letters(1))).rejects.toMatchObject({
      name: 'DurabilityError',
      message: expect.stringContaining('Writing a dead letter'),
    })
  })

  it('are not taken for written when the storage answers 409 for another reason', async () => {
    const beingDeleted = Object.assign(new Error(), { statusCode: 409, code: 'ContainerBeingDeleted' })
    const upload = () => Promise.reject(beingDeleted)
    const container = { getBlockBlobClient: () => ({ upload }) as never }
    await expect(blobDeadLetters(container, systemTime).bury(letters(1))).rejects.toMatchObject({
      name: 'DurabilityError',
    })
  })
})
