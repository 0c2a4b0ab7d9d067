import { TableClient } from '@azure/data-tables'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { AS_STORED } from '../../../shared/azure/entity-value.ts'
import { joinKey } from '../../../shared/azure/table-key.ts'
import { readAction } from '../../../shared/delivery/dead-letters/action.ts'
import { deadLetterReader } from '../../../shared/delivery/dead-letters/dead-letter-reader.ts'
import { parseRanges } from '../../../shared/delivery/dedup/parse-settled-entity.ts'
import { SettledRangeTracker } from '../../../shared/delivery/dedup/settled-ranges.ts'
import { settledTable } from '../../../shared/delivery/dedup/settled-table.ts'
import { type OutboxPartition, outboxPartitionOf } from '../../../shared/delivery/outbox/outbox.ts'
import { receiptsOf } from '../../../shared/delivery/receipts/newest-receipts.ts'
import { parseReceipt } from '../../../shared/delivery/receipts/parse-receipt.ts'
import { receiptTallies } from '../../../shared/delivery/receipts/receipt-tallies.ts'
import { transientFault } from '../../../shared/domain/fault.ts'
import { instant } from '../../../shared/domain/identifiers.ts'
import { outcomesSince } from '../../../shared/operations/status/stored-health.ts'
import { sweep } from '../../../shared/pipeline/redeliver/sweep.ts'
import type { Problem } from '../../../shared/telemetry/telemetry.ts'
import { envelope, type IngestWorld, ingestWorld, messageAt, riskRecord } from '../../support/ingest-world.ts'
import { type ScriptedSink, scriptedSink } from '../../support/scripted-sink.ts'
import { type StorageAccount, storageAccount } from '../../support/storage-account.ts'
import { DEAD_LETTERS, stored } from '../../support/stored-forms.ts'

let azurite: StorageAccount
beforeAll(async () => {
  azurite = await storageAccount()
})
afterAll(() => azurite.stop())

const table = (name: string) =>
  TableClient.fromConnectionString(azurite.connectionString, name, { allowInsecureConnection: true })

let made = 0
let world: IngestWorld
let sink: ScriptedSink
let outboxPartition: OutboxPartition
let isDown: boolean
beforeEach(async () => {
  const partition = `g${made++}`
  isDown = false
  const down = { status: 'failed', fault: transientFault('unavailable', 'down') } as const
  sink = scriptedSink({ name: `sink-${partition}`, answer: () => (isDown ? down : undefined) })
  world = await ingestWorld({ azurite, sinks: [sink] })
  outboxPartition = outboxPartitionOf(sink.name, messageAt(1, '', partition).position)
})

const partitionKey = (): string =>
  joinKey(outboxPartition.sink, outboxPartition.namespace, outboxPartition.hub, outboxPartition.partition)
const FIRST_KEY = '000000000000001-00000000000000000001-0000000-aaaaaaaaaaaaaaaa'
const goodRow = () => ({
  partitionKey: partitionKey(),
  rowKey: FIRST_KEY,
  version: 1,
  blob: 'v1/ingest_date=2026-03-01/gone.jsonl.gz',
  lines: '0',
  events: 1,
  enqueuedAtMs: { type: 'Int64' as const, value: String(Date.UTC(2026, 2, 1, 9)) },
  firstTriedAtMs: { type: 'Int64' as const, value: String(Date.UTC(2026, 2, 1, 9)) },
  attempts: 1,
})

type Properties = Readonly<Record<string, unknown>>

/** The values of an entity's own properties, as texts. */
const asStored = (entity: Properties) =>
  Object.fromEntries(
    Object.entries(entity)
      .filter(([name]) => !/^(?:partitionKey|rowKey|etag|timestamp|odata\.metadata)$/.test(name))
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [
        name,
        typeof value === 'object' && value !== null && 'value' in value
          ? JSON.stringify(value.value).replaceAll('"', '')
          : JSON.stringify(value).replaceAll('"', ''),
      ]),
  )
const storedAt = async (rowKey: string) =>
  asStored(await table('outbox').getEntity<Properties>(partitionKey(), rowKey, AS_STORED))

/** Has something pending behind whatever else is in the outbox partition, and the sink well again. */
async function oweOne(): Promise<void> {
  isDown = true
  const { partition } = outboxPartition
  await world.ingest([messageAt(1, envelope(riskRecord(1)), partition)])
  isDown = false
}

async function swept(): Promise<readonly Problem[]> {
  const problems: Problem[] = []
  await sweep({
    outbox: world.outbox,
    wakeUps: { send: async () => undefined },
    sinks: new Map([[sink.name, {}]]),
    telemetry: { pendingAtSinks: () => undefined, problem: (problem) => problems.push(problem) },
    time: world.time,
  })
  return problems
}

/** Its properties by another value, or without one of them. */
const GARBAGE: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  ['no version', { version: undefined }],
  ['a version that is a text', { version: 'one' }],
  ['a version below all', { version: -1 }],
  ['no blob', { blob: undefined }],
  ['a blob that is a number', { blob: 7 }],
  ['an empty blob name', { blob: '' }],
  ['a blob name that leads elsewhere', { blob: 'v1/../../secrets/x' }],
  ['a blob name longer than any', { blob: `v1/${'x'.repeat(2000)}` }],
  ['a blob name with control characters', { blob: 'v1/a\u0001b' }],
  ['a blob name with half a surrogate pair', { blob: 'v1/a\ud800' }],
  ['no lines', { lines: undefined }],
  ['lines that are a number', { lines: 3 }],
  ['half JSON for lines', { lines: '{"from":0,' }],
  ['lines that fall', { lines: '5-3' }],
  ['more lines than there are', { lines: '0-9999999' }],
  ['lines without end', { lines: '0-99999999999999999999' }],
  ['a mode that is no text', { mode: 5 }],
  ['a number that is none', { enqueuedAtMs: { type: 'Int64', value: 'soon' }, blob: undefined }],
  ['keys of nobody', { rowKey: '0', blob: 'v1/x' }],
  ['a key that goes before a lease', { rowKey: ' ' }],
]

/** What a row can do without: it still says what is pending. */
const TORN: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  ['no count of events', { events: undefined }],
  ['a count of events that is a text', { events: 'many' }],
  ['no attempts', { attempts: undefined }],
  ['attempts below none', { attempts: -3 }],
  ['no enqueued time', { enqueuedAtMs: undefined }],
  ['no time of its first trial', { firstTriedAtMs: undefined }],
  ['a time that is none', { firstTriedAtMs: { type: 'Int64', value: '12.5e' } }],
  ['a time beyond all times', { firstTriedAtMs: { type: 'Int64', value: '9223372036854775807' } }],
  ['a fault that is none', { faultCode: 5, faultMessage: true }],
  ['a time for another look that is none', { lookAgainAtMs: 'later' }],
]

describe('a row of the outbox with', () => {
  it.each(GARBAGE)(
    '%s keeps nothing behind it waiting, and is set aside with an alarm, as it is',
    async (_, change) => {
      const garbage = { ...goodRow(), ...change }
      await table('outbox').createEntity(garbage as never)
      await oweOne()
      await world.redeliver(outboxPartition)
      expect(sink.taken).toHaveLength(1)
      expect(await world.outbox.pendingUntil(outboxPartition)).toBeUndefined()

      const before = await world.outbox.summary()
      expect(before.unreadableRows).toContainEqual({ partitionKey: partitionKey(), rowKey: garbage.rowKey })
      expect(await swept()).toEqual(['rowsSetAside'])
      expect(await storedAt(`~${garbage.rowKey}`)).toEqual(asStored(garbage))
      await expect(storedAt(garbage.rowKey)).rejects.toMatchObject({ statusCode: 404 })

      expect((await world.outbox.summary()).setAside).toBe(before.setAside + 1)
      expect(await swept(), 'once').toEqual([])
    },
  )

  it.each(TORN)('%s is a row all the same', async (_, change) => {
    await oweOne()
    const [row] = await world.outbox.rows(outboxPartition, 1)
    if (row === undefined) throw new Error('no row')
    const client = table('outbox')
    const entity = await client.getEntity(partitionKey(), row.key, { disableTypeConversion: true })
    const { etag: _etag, timestamp: _timestamp, ...properties } = entity
    await client.updateEntity({ ...properties, ...change } as never, 'Replace')
    isDown = true
    await world.redeliver(outboxPartition)
    expect(await world.outbox.rows(outboxPartition, 1), 'neither dead-lettered nor lost').toMatchObject([
      { key: row.key, lines: row.lines },
    ])
    isDown = false
    world.time.advance(300_000)
    await world.redeliver(outboxPartition)
    expect(sink.taken).toHaveLength(1)
    expect(await swept()).toEqual([])
  })

  it('a partition key of nobody is set aside by the sweep too, which wake-ups for the others', async () => {
    await oweOne()
    for (const key of ['=E0=A4=A|x', 'one', 'a|b|c|d|e', 'a b|c|d|e'])
      await table('outbox').createEntity({ ...goodRow(), partitionKey: key })
    expect(
      (await world.outbox.pendingPartitions()).filter(
        ({ outboxPartition: { sink: name } }) => name === sink.name,
      ),
    ).toHaveLength(1)
    expect(await swept()).toEqual(['rowsSetAside'])
    expect(await swept()).toEqual([])
  })

  it('garbage for a lease is anybody’s', async () => {
    await oweOne()
    await table('outbox').createEntity({
      partitionKey: partitionKey(),
      rowKey: '!lease',
      version: 'x',
      heldUntilMs: { type: 'Int64', value: 'forever' },
      dueAtMs: { type: 'Double', value: 'Infinity' },
      token: 5,
    })
    await world.redeliver(outboxPartition)
    expect(sink.taken).toHaveLength(1)
  })
})

describe('garbage for settled ranges', () => {
  const CASES: readonly (readonly [string, unknown])[] = [
    ['half a JSON text', '{"v":1,"sinks":{"webh'],
    ['JSON of something else', '[1,2,3]'],
    ['nothing', ''],
    ['no text', 12],
    ['a number that is none', { type: 'Int64', value: 'x' }],
    ['no sinks', '{"v":1}'],
    ['a version that is none', '{"v":"1","sinks":{}}'],
  ]
  it.each(CASES)('%s counts as none, with an alarm, and is replaced', async (_, settledRanges) => {
    const { position } = messageAt(1, '', outboxPartition.partition)
    const partition = joinKey(position.namespace, position.hub, position.partition)
    await table('settled').createEntity({
      partitionKey: partition,
      rowKey: 'settled',
      settledRanges,
    } as never)
    const problems: string[] = []
    const open = () =>
      new SettledRangeTracker(settledTable(table('settled')), (doing) => problems.push(doing))
    const mine = open()
    expect((await mine.before(position)).bySink.size).toBe(0)
    expect(problems).toEqual(['read'])
    await mine.settled({ first: position, last: position }, [sink.name])
    expect((await open().before(position)).bySink.get(sink.name)).toHaveLength(1)
    expect(problems).toEqual(['read'])
  })

  it('of any kind is never more than what could have been written', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        for (const ranges of parseRanges(text)?.values() ?? [])
          for (const { fromSequenceNumber: from, toSequenceNumber: to } of ranges)
            expect(from <= to).toBe(true)
      }),
    )
  })
})

describe('garbage among dead letters', () => {
  it('is left out and counted, and hides none of its neighbours', async () => {
    const lines = stored('dead-letters.jsonl').split('\n').slice(0, -1)
    const [first = '', ...others] = lines
    const torn = [
      first.slice(0, first.length / 2),
      '{}',
      'null',
      '{"v":1,"id":"0123456789abcdef"}',
      first.replace('"attempts":3', '"attempts":"x"'),
    ]
    const text = `${[...torn, ...others].join('\n')}\n`
    const name = `v1/${sink.name}/ingest_date=2026-03-01/x/000000-aaaaaaaa.jsonl`
    await world.deadLetters.getBlockBlobClient(name).upload(text, Buffer.byteLength(text))
    const book = deadLetterReader(world.deadLetters)
    const found: string[] = []
    for await (const group of book.newestFirst(sink.name))
      found.push(...group.map(({ deadLetter }) => deadLetter.id))
    expect(found).toEqual(DEAD_LETTERS.slice(1).map((deadLetter) => deadLetter.id))
    expect(book.unreadable()).toBe(torn.length)
  })

  it('for what an operator noted says so', async () => {
    const action = { id: '0123456789abcdef', action: 'discarded', at: instant(1000) } as const
    for (const text of ['{"v":1,"by":', 'null', '{"by":{"user":3}}']) {
      await world.deadLetters
        .getBlockBlobClient('discarded/v1/0123456789abcdef/1000.json')
        .upload(text, text.length)
      expect((await readAction(world.deadLetters, action)).by.user).toBe('unknown')
    }
  })
})

describe('garbage among receipts', () => {
  it('is left out, and hides none of its neighbours', async () => {
    const blob = `v1/ingest_date=2026-03-01/${sink.name}.jsonl.gz`
    const whole = JSON.stringify({
      v: 1,
      blob,
      at: '2026-03-01T10:00:00.000Z',
      sinks: [{ sink: 'webhook', delivered: 2 }],
    })
    const texts = [
      whole.slice(0, 40),
      'null',
      '{"v":1}',
      '{"v":1,"at":"soon","sinks":[]}',
      `{"v":1,"blob":"${blob}","at":"2026-03-01T10:00:00.000Z","sinks":[null,{"sink":5},{"sink":"s","lines":"9-1"}]}`,
      whole,
    ]
    for (const [i, text] of texts.entries())
      await world.receipts
        .getBlockBlobClient(`v1/ingest_date=2026-03-01/${sink.name}/${i}.json`)
        .upload(text, text.length)
    expect((await receiptsOf(world.receipts, blob)).map((r) => [r.sink, r.delivered])).toEqual([
      ['webhook', 2],
    ])
  })

  it('counts nothing in a heartbeat', async () => {
    const hour = 'v1/ingest_date=2026-03-01/ingest_hour=09/'
    await world.receipts
      .getBlockBlobClient(`${hour}${sink.name}.json`)
      .upload('{}', 2, { metadata: { tallies: `${sink.name}=x,-1,,1e9,4;;=;nobody` } })
    const outcomes = await outcomesSince(
      world.receipts,
      instant(Date.UTC(2026, 2, 1, 9)),
      instant(Date.UTC(2026, 2, 1, 10)),
    )
    expect(outcomes.get(sink.name)).toEqual({
      delivered: 0,
      pending: 0,
      deadLettered: 0,
      duplicate: 0,
      filtered: 4,
    })
  })

  it('of any kind is read as nothing, or as what is in it', () => {
    const receipt = fc.record({
      v: fc.constant(1),
      blob: fc.oneof(fc.string(), fc.constant(null)),
      at: fc.oneof(fc.constant('2026-03-01T10:00:00Z'), fc.string()),
      sinks: fc.oneof(
        fc.array(
          fc.dictionary(
            fc.constantFrom('sink', 'lines', 'outcomes', 'requests', 'delivered'),
            fc.jsonValue(),
          ),
        ),
        fc.jsonValue(),
      ),
    })
    fc.assert(
      fc.property(
        fc.oneof(
          receipt.map((r) => JSON.stringify(r)),
          fc.json(),
          fc.string(),
        ),
        (text) => {
          for (const { at, delivered } of parseReceipt(text)) expect(Number.isNaN(at + delivered)).toBe(false)
          receiptTallies({ tallies: text })
        },
      ),
    )
  })
})
