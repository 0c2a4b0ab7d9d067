import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { archiveBlob } from '../../shared/archive/archive-blob.ts'
import { parseLine } from '../../shared/archive/parse-line.ts'
import { readAction, writeAction } from '../../shared/delivery/dead-letters/action.ts'
import { blobDeadLetters } from '../../shared/delivery/dead-letters/dead-letter-blobs.ts'
import {
  deadLetterReader,
  type FiledDeadLetter,
} from '../../shared/delivery/dead-letters/dead-letter-reader.ts'
import { parseDeadLetterLines } from '../../shared/delivery/dead-letters/parse-dead-letter.ts'
import { settledTable } from '../../shared/delivery/dedup/settled-table.ts'
import { tableOutbox } from '../../shared/delivery/outbox/outbox-table.ts'
import { parseWakeUp } from '../../shared/delivery/outbox/parse-wake-up.ts'
import { wakeUpQueue } from '../../shared/delivery/outbox/wake-up-queue.ts'
import { parseReceipt } from '../../shared/delivery/receipts/parse-receipt.ts'
import { receiptTallies } from '../../shared/delivery/receipts/receipt-tallies.ts'
import { digest } from '../../shared/encoding/digest.ts'
import { type AzuriteStores, azuriteStores } from '../support/azurite-stores.ts'
import { jsonOf } from '../support/event-forms.ts'
import {
  ACTION,
  DEAD_LETTERS,
  entitiesIn,
  LEASE,
  NOTE,
  OUTBOX_PARTITION,
  ROWS,
  SETTLED,
  type StoredEntity,
  stored,
} from '../support/stored-forms.ts'
import { virtualTime } from '../support/virtual-time.ts'

const DEAD_LETTERS_NAME =
  'v1/webhook/ingest_date=2026-03-01/ingest_hour=09/risk.servicebus.windows.net/entra-risk/p=0/00000000000000004711-00000000000000004712-0123456789abcdef/000002-7189e0d2.jsonl'
const ACTION_NAME = 'discarded/v1/0123456789abcdef/1772524800000.json'

let stores: AzuriteStores
beforeAll(async () => {
  stores = await azuriteStores()
})
afterAll(() => stores.stop())

const entities = (name: string): readonly StoredEntity[] => [JSON.parse(stored(name)) as StoredEntity].flat()

/** A table that holds what version 1 wrote. */
async function tableWith(name: string) {
  const table = await stores.table()
  for (const entity of entities(name)) await table.createEntity(entity)
  return table
}

/** A container that holds what version 1 wrote. */
async function containerWith(files: Readonly<Record<string, string>>) {
  const container = await stores.container()
  for (const [name, text] of Object.entries(files))
    await container.getBlockBlobClient(name).upload(text, Buffer.byteLength(text))
  return container
}

describe('what version 1 has stored is read:', () => {
  it('rows of the outbox', async () => {
    const outbox = tableOutbox(await tableWith('outbox-rows.json'), virtualTime(), () => 'token')
    const rows = await outbox.rows(OUTBOX_PARTITION, 10)
    expect(rows).toEqual(
      ROWS.map((row) => ({ ...row, etag: expect.any(String), writtenAt: expect.any(Number) })),
    )
    expect(await outbox.pendingPartitions()).toEqual([
      {
        outboxPartition: OUTBOX_PARTITION,
        rows: 4,
        events: 7,
        oldestTriedAt: ROWS[0]?.firstTriedAt,
        attended: false,
      },
    ])
    await outbox.remove(OUTBOX_PARTITION, rows)
    expect(await outbox.pendingUntil(OUTBOX_PARTITION)).toBeUndefined()
  })

  it('who holds an outbox partition, and from when it is due', async () => {
    const table = await tableWith('outbox-lease.json')
    const time = virtualTime(LEASE.heldUntilMs - 1)
    const outbox = tableOutbox(table, time, () => 'token')
    expect(await outbox.acquire(OUTBOX_PARTITION, 1000)).toBeUndefined()
    const [entity] = entities('outbox-lease.json')
    if (entity === undefined) throw new Error('no lease')
    const due = { ...entity, heldUntilMs: entity['dueAtMs'], dueAtMs: entity['heldUntilMs'] }
    await table.updateEntity(due, 'Replace')
    expect(await outbox.acquire(OUTBOX_PARTITION, 1000)).toBeUndefined()
    time.advance(1)
    expect(await outbox.acquire(OUTBOX_PARTITION, 1000)).toBeDefined()
  })

  it('settled', async () => {
    const { bySink } = await settledTable(await tableWith('settled-row.json')).read(OUTBOX_PARTITION)
    expect(bySink).toEqual(SETTLED)
  })

  it('dead letters', () => {
    expect(parseDeadLetterLines(stored('dead-letters.jsonl'))).toEqual(DEAD_LETTERS)
  })

  it('what operators did about them', async () => {
    const container = await containerWith({
      [DEAD_LETTERS_NAME]: stored('dead-letters.jsonl'),
      [ACTION_NAME]: stored('dead-letter-action.json'),
    })
    const deadLetterGroups: FiledDeadLetter[][] = []
    for await (const filed of deadLetterReader(container).newestFirst('webhook'))
      deadLetterGroups.push([...filed])
    const [group] = deadLetterGroups
    expect(group?.map(({ deadLetter, state }) => [deadLetter.id, state])).toEqual([
      [ACTION.id, 'discarded'],
      ['1123456789abcdef', 'open'],
      ['2123456789abcdef', 'open'],
    ])
    expect(group?.[0]?.actions).toEqual([ACTION])
    expect(await readAction(container, ACTION)).toEqual(NOTE)
  })

  it('receipts', () => {
    const [first, second, ...others] = parseReceipt(stored('receipt.json'))
    expect(others).toEqual([])
    const of = { at: Date.UTC(2026, 2, 1, 9, 21, 2), blob: ROWS[0]?.blob }
    expect(first).toMatchObject({
      ...of,
      sink: 'log-analytics',
      delivered: 3,
      deadLettered: 1,
      duplicate: 2,
      filtered: 4,
      attempts: 1,
      tookMs: 12,
    })
    expect(second).toMatchObject({
      ...of,
      sink: 'webhook',
      lines: '0-2,5',
      mode: 'renormalise',
      pending: 4,
      fault: 'unavailable',
      status: 503,
    })
  })

  it('the counts beside a receipt', () => {
    expect(receiptTallies({ tallies: 'log-analytics=3,0,1,2,4;webhook=0,4,0,0,0' })).toEqual([
      ['log-analytics', { delivered: 3, pending: 0, deadLettered: 1, duplicate: 2, filtered: 4 }],
      ['webhook', { delivered: 0, pending: 4, deadLettered: 0, duplicate: 0, filtered: 0 }],
    ])
  })

  it('wake-ups', () => {
    expect(parseWakeUp(JSON.parse(stored('wake-up.txt')))).toEqual(OUTBOX_PARTITION)
  })

  const archives = readdirSync(new URL('../golden/archive/', import.meta.url)).filter((f) =>
    f.endsWith('.ndjson'),
  )
  it.each(archives)('the archive: %s', (file) => {
    const read = (name: string) => readFileSync(new URL(`../golden/archive/${name}`, import.meta.url))
    const name = read(file.replace('.ndjson', '.blob-name')).toString().trim()
    expect(archiveBlob(name)).toMatchObject({ namespace: 'localhost', hub: 'entra-risk', partition: '0' })
    const texts = read(file).toString().split('\n').slice(0, -1)
    const lines = texts.map((text, i) => parseLine(Buffer.from(text), name, i))
    expect(lines.length).toBeGreaterThan(0)
    for (const [i, line] of lines.entries()) {
      const written = JSON.parse(texts[i] ?? '') as { event?: object; digest?: string; bodyDigest?: string }
      const bytes = line.kind === 'skipped' ? undefined : line.kind === 'unsplit' ? line.body : line.record
      const told = bytes === undefined ? undefined : digest(bytes)
      expect(told).toBe(line.kind === 'unsplit' ? written.bodyDigest : written.digest)
      expect(line.kind === 'event' ? JSON.parse(jsonOf(line.archived).toString()) : undefined).toEqual(
        written.event,
      )
    }
  })
})

// A form that differs is another version: it gets a file of its own, and these stay, for what is
// stored is not rewritten.
describe('what today’s program stores is version 1:', () => {
  it('rows of the outbox', async () => {
    const table = await stores.table()
    await tableOutbox(table, virtualTime(), () => 'token').append(OUTBOX_PARTITION, ROWS)
    expect(await entitiesIn(table)).toEqual(entities('outbox-rows.json'))
  })

  it('who holds an outbox partition', async () => {
    const table = await stores.table()
    const outbox = tableOutbox(table, virtualTime(LEASE.heldUntilMs - 60_000), () => LEASE.token)
    await outbox.acquire(OUTBOX_PARTITION, 60_000)
    expect(await entitiesIn(table)).toEqual(entities('outbox-lease.json'))
  })

  it('settled', async () => {
    const table = await stores.table()
    await settledTable(table).write(OUTBOX_PARTITION, { bySink: SETTLED, etag: undefined })
    expect(await entitiesIn(table)).toEqual(entities('settled-row.json'))
  })

  it('dead letters, under their name', async () => {
    const container = await stores.container()
    await blobDeadLetters(container, virtualTime()).write(DEAD_LETTERS)
    const blob = await container.getBlockBlobClient(DEAD_LETTERS_NAME).downloadToBuffer()
    expect(blob.toString()).toBe(stored('dead-letters.jsonl'))
  })

  it('what operators did about them, under its name', async () => {
    const container = await stores.container()
    await writeAction(container, ACTION, NOTE)
    const blob = await container.getBlockBlobClient(ACTION_NAME).downloadToBuffer()
    expect(JSON.parse(blob.toString())).toEqual(JSON.parse(stored('dead-letter-action.json')))
  })

  it('wake-ups', async () => {
    const queue = await stores.queue()
    await wakeUpQueue(queue, virtualTime()).send(OUTBOX_PARTITION, 0)
    const [message] = (await queue.receiveMessages()).receivedMessageItems
    expect(message?.messageText).toBe(stored('wake-up.txt').trim())
  })
})
