import { gzipSync } from 'node:zlib'
import { TableClient } from '@azure/data-tables'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { readBlob } from '../../shared/archive/reader.ts'
import { joinKey } from '../../shared/azure/table-key.ts'
import { deadLettersOf } from '../../shared/delivery/dead-letters/dead-letter.ts'
import { blobDeadLetters, deadLetterBlobName } from '../../shared/delivery/dead-letters/dead-letter-blobs.ts'
import { deadLetterReader } from '../../shared/delivery/dead-letters/dead-letter-reader.ts'
import { SettledRangeTracker } from '../../shared/delivery/dedup/settled-ranges.ts'
import { settledTable } from '../../shared/delivery/dedup/settled-table.ts'
import { type OutboxPartition, outboxPartitionOf, pendingRows } from '../../shared/delivery/outbox/outbox.ts'
import { parseWakeUp } from '../../shared/delivery/outbox/parse-wake-up.ts'
import { receiptsOf } from '../../shared/delivery/receipts/newest-receipts.ts'
import { parseReceipt } from '../../shared/delivery/receipts/parse-receipt.ts'
import { recordFault, transientFault } from '../../shared/domain/fault.ts'
import { instant } from '../../shared/domain/identifiers.ts'
import { NewerVersionError } from '../../shared/domain/newer-version-error.ts'
import { archivedEventAt } from '../support/archived-event-at.ts'
import { envelope, type IngestWorld, ingestWorld, messageAt, riskRecord } from '../support/ingest-world.ts'
import { type ScriptedSink, scriptedSink } from '../support/scripted-sink.ts'
import { type StorageAccount, storageAccount } from '../support/storage-account.ts'
import { entitiesIn } from '../support/stored-forms.ts'

const YEAR_MS = 365 * 24 * 3_600_000

let azurite: StorageAccount
beforeAll(async () => {
  azurite = await storageAccount()
})
afterAll(() => azurite.stop())

let made = 0
let sink: ScriptedSink
let world: IngestWorld
let partition: string
let outboxPartition: OutboxPartition
beforeEach(async () => {
  partition = `p${made++}`
  sink = scriptedSink({ name: `sink-${partition}` })
  world = await ingestWorld({ azurite, sinks: [sink] })
  outboxPartition = outboxPartitionOf(sink.name, messageAt(1, '', partition).position)
})

const table = (name: string) =>
  TableClient.fromConnectionString(azurite.connectionString, name, { allowInsecureConnection: true })
const partitionKey = (): string =>
  joinKey(outboxPartition.sink, outboxPartition.namespace, outboxPartition.hub, outboxPartition.partition)
const rowsOnFile = async () =>
  (await entitiesIn(table('outbox'))).filter(
    (e) => e.partitionKey === partitionKey() && e.rowKey !== '!lease',
  )

/** A row of a program that knows more than this one. */
const newerRow = () => ({
  partitionKey: partitionKey(),
  rowKey: '000000000000000-00000000000000000000-0000000-ffffffffffffffff',
  version: 2,
  blob: 'v2/somewhere',
  lines: 'all of them',
  firstTriedAtMs: { type: 'Int64' as const, value: '1' },
  request: 'to be delivered by pigeon',
})

describe('what a newer program has stored', () => {
  it('in the outbox is neither delivered nor dead-lettered nor changed, however old it is, and nothing waits for it', async () => {
    await table('outbox').createEntity(newerRow())
    const before = await rowsOnFile()
    await world.ingest([messageAt(1, envelope(riskRecord(1)), partition)])
    expect(sink.taken, 'directly: nothing that this program knows of is pending').toHaveLength(1)
    await world.outbox.append(
      outboxPartition,
      pendingRows(
        [{ archived: archivedEventAt(1), fault: transientFault('unavailable', 'down') }],
        instant(0),
      ),
    )
    world.time.advance(YEAR_MS)
    for (let i = 0; i < 3; i++) await world.drain()
    await world.redeliver(outboxPartition)
    expect(await rowsOnFile()).toEqual(before)
    expect(sink.taken).toHaveLength(1)
  })

  it('in the outbox is not overwritten by the same hand-over of this one', async () => {
    const [row] = pendingRows(
      [{ archived: archivedEventAt(3), fault: transientFault('unavailable', 'down') }],
      instant(5),
    )
    if (row === undefined) throw new Error('no row')
    await table('outbox').createEntity({ ...newerRow(), rowKey: row.key })
    const before = await rowsOnFile()
    await world.outbox.append(outboxPartition, [row])
    expect(await rowsOnFile()).toEqual(before)
  })

  it('about who holds a lease is respected as far as it says so in the same words', async () => {
    await table('outbox').createEntity({
      partitionKey: partitionKey(),
      rowKey: '!lease',
      version: 2,
      token: 'of a newer program',
      heldUntilMs: { type: 'Int64', value: String(world.time.now() + 1000) },
      helpers: 7,
    })
    expect(await world.outbox.acquire(outboxPartition, 1000)).toBeUndefined()
    world.time.advance(1000)
    expect(await world.outbox.acquire(outboxPartition, 1000)).toBeDefined()
  })

  it('in the archive is an error to readers, and pending deliveries that point at it wait for that program', async () => {
    const blob = `v1/ingest_date=2026-03-01/ingest_hour=09/ns/hub/p=${partition}/${'0'.repeat(20)}-${'0'.repeat(20)}-${'a'.repeat(16)}.jsonl.gz`
    const content = gzipSync(Buffer.from('{"v":2,"everything":"else"}\n'))
    await world.archive.getBlockBlobClient(blob).upload(content, content.byteLength)
    const reading = (async () => {
      for await (const _ of readBlob(world.archive, blob));
    })()
    await expect(reading).rejects.toBeInstanceOf(NewerVersionError)

    const archived = archivedEventAt(0, { blob })
    await world.outbox.append(
      outboxPartition,
      pendingRows([{ archived, fault: transientFault('unavailable', 'down') }], instant(world.time.now())),
    )
    for (let i = 0; i < 4; i++) {
      await world.redeliver(outboxPartition)
      world.time.advance(YEAR_MS)
    }
    expect(await world.outbox.rows(outboxPartition, 10)).toMatchObject([
      {
        blob,
        lines: '0',
        lastFault: { code: 'archiveUnreadable', message: expect.stringMatching(/newer version/) },
      },
    ])
    expect(await deadLetterReader(world.deadLetters).ofBlob(blob, [sink.name])).toEqual([])
    expect(await world.archive.getBlockBlobClient(blob).downloadToBuffer()).toEqual(content)
  })

  it('among dead letters is left out, and not overwritten by a dead letter of the same name', async () => {
    const deadLetters = deadLettersOf(
      sink.name,
      [{ archived: archivedEventAt(1), fault: recordFault('payloadRefused', 'refused') }],
      1,
      0,
      1,
    )
    const newer = '{"v":2,"id":"0123456789abcdef"}\n'
    const client = world.deadLetters.getBlockBlobClient(deadLetterBlobName(deadLetters))
    await client.upload(newer, newer.length)
    await blobDeadLetters(world.deadLetters, world.time).write(deadLetters)
    expect((await client.downloadToBuffer()).toString()).toBe(newer)
    expect(await deadLetterReader(world.deadLetters).ofBlob('v1/blob.jsonl.gz', [sink.name])).toEqual([])
  })

  it('among receipts is left out', async () => {
    expect(parseReceipt('{"v":2,"blob":"b","at":"2026-03-01T09:00:00Z","sinks":"elsewhere"}')).toEqual([])
    const newer = '{"v":2}'
    await world.receipts.getBlockBlobClient(`v1/${partition}/x.json`).upload(newer, newer.length)
    expect(await receiptsOf(world.receipts, `v1/${partition}.jsonl.gz`)).toEqual([])
  })

  it('of settled ranges counts as none and is replaced: settled ranges save work, and hold nothing else', async () => {
    const { position } = messageAt(1, '', partition)
    const settledTableClient = table('settled')
    const key = joinKey(position.namespace, position.hub, partition)
    await settledTableClient.createEntity({
      partitionKey: key,
      rowKey: 'settled',
      settledRanges: JSON.stringify({ v: 2, sinks: { [sink.name]: [{ upTo: 'the end' }] } }),
    })
    const settledRanges = new SettledRangeTracker(settledTable(settledTableClient), () => undefined)
    expect((await settledRanges.before(position)).bySink.size).toBe(0)
    await world.ingest([messageAt(1, envelope(riskRecord(1)), partition)])
    expect(sink.taken).toHaveLength(1)
  })

  it('in a wake-up does not hide the partition that it names', () => {
    const named = { sink: 'webhook', namespace: 'ns', hub: 'hub', partition: '0' }
    expect(parseWakeUp({ outboxPartition: { ...named, urgency: 3 }, v: 2 })).toEqual(named)
  })
})
