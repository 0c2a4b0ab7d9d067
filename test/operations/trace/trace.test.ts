import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { buildChunk } from '../../../shared/archive/chunk.ts'
import { readBlob } from '../../../shared/archive/reader.ts'
import { archiveWriter } from '../../../shared/archive/writer.ts'
import type { LeanContainer } from '../../../shared/azure/lean-container.ts'
import type { FiledDeadLetter } from '../../../shared/delivery/dead-letters/dead-letter-reader.ts'
import {
  type Outbox,
  type OutboxPartition,
  outboxPartitionOf,
  pendingRows,
  replayPartitionOf,
  type StoredRow,
} from '../../../shared/delivery/outbox/outbox.ts'
import { tableOutbox } from '../../../shared/delivery/outbox/outbox-table.ts'
import { blobReceipts, type SinkReport } from '../../../shared/delivery/receipts/receipt.ts'
import type { ArchivedEvent } from '../../../shared/domain/exported-event.ts'
import { recordFault } from '../../../shared/domain/fault.ts'
import { instant } from '../../../shared/domain/identifiers.ts'
import type { Message } from '../../../shared/domain/position.ts'
import { EMPTY_SINK_TALLY } from '../../../shared/domain/tally.ts'
import type { FoundRecord } from '../../../shared/operations/trace/newest-records.ts'
import { findRecords } from '../../../shared/operations/trace/trace.ts'
import { Tracer } from '../../../shared/operations/trace/trace-steps.ts'
import { readMessage } from '../../../shared/source/read-message.ts'
import { unsplitMessage } from '../../../shared/source/unsplit-message.ts'
import { settings } from '../../source/reading-under-test.ts'
import { type AzuriteStores, azuriteStores } from '../../support/azurite-stores.ts'
import { envelope, messageAt, riskRecord } from '../../support/ingest-world.ts'
import { virtualTime } from '../../support/virtual-time.ts'

const WANTED = 'aaaaaaaa-0000-4000-8000-00000000cafe'
const NINE = Date.UTC(2026, 2, 1, 9)
const TEN = Date.UTC(2026, 2, 1, 10)
const DEFECT = recordFault('internalFault', 'An older program met a defect.')

let stores: AzuriteStores
let archive: LeanContainer
let receipts: LeanContainer
beforeAll(async () => {
  stores = await azuriteStores()
})
afterAll(() => stores.stop())
beforeEach(async () => {
  archive = await stores.container()
  receipts = await stores.container()
})

/** A message enqueued at an instant. */
const messageOf = (n: number, body: string, partition: string, enqueuedMs: number): Message =>
  messageAt(n, body, partition, enqueuedMs - n * 1000)
const about = (n: number, principal = WANTED) => envelope(riskRecord(n, { principal }))

/** Archives messages as one chunk, whole or, as a program with a defect would, unsplit. */
async function keep(messages: readonly Message[], raw = false, writtenMs = TEN): Promise<string> {
  const chunk = buildChunk(messages.map((m) => (raw ? unsplitMessage(m, DEFECT) : readMessage(m, settings))))
  await archiveWriter(archive, '0.1.0', virtualTime(writtenMs)).write(chunk)
  return chunk.blob
}

async function find(change: { from?: number; to?: number; maxRecords?: number } = {}) {
  const blobs: number[] = []
  const { from = NINE, to = TEN, maxRecords = 10 } = change
  const request = { wanted: WANTED.toUpperCase(), from: instant(from), to: instant(to), maxRecords }
  const found = await findRecords({ archive, receipts, readBlob }, request, (n, what) => {
    if (what === 'archive blobs') blobs.push(n)
  })
  return { ...found, told: blobs }
}
const positionsOf = ({ records }: { records: readonly FoundRecord[] }) =>
  records.map(({ line }) => `${line.position.partition}/${line.position.sequenceNumber}`)

describe('what the archive has of an identity', () => {
  it('is shown in the order of time, whatever the partitions, and nothing of others', async () => {
    await keep([messageOf(1, about(1), '1', NINE + 3000), messageOf(2, about(2), '1', NINE + 4000)])
    await keep([messageOf(1, about(3), '0', NINE + 1000), messageOf(2, about(4), '0', NINE + 5000)])
    await keep([messageOf(1, about(5, 'bbbbbbbb-0000-4000-8000-000000000001'), '2', NINE)])
    const found = await find()
    expect(positionsOf(found)).toEqual(['0/1', '1/1', '1/2', '0/2'])
    expect(found).toMatchObject({ more: false, blobs: 3, told: [1, 2, 3] })
  })

  it('is what was enqueued from one instant to another, the second one not included', async () => {
    const times = [NINE - 1, NINE, TEN - 1, TEN]
    await keep(times.map((at, n) => messageOf(n, about(n), '0', at)))
    expect(positionsOf(await find())).toEqual(['0/1', '0/2'])
  })

  it('is shown up to a number of records, the newest ones, and whether older ones were left out', async () => {
    const batch = [1, 2, 3].map((n) => messageOf(n, about(n), '0', NINE + n))
    await keep(batch)
    // A copy of what was found is no further record.
    await keep(batch.slice(2))
    expect(await find({ maxRecords: 3 })).toMatchObject({ more: false })
    const fewer = await find({ maxRecords: 2 })
    expect([positionsOf(fewer), fewer.more]).toEqual([['0/2', '0/3'], true])
  })

  it('is the newest of many, in whatever order the archive holds them', async () => {
    const at = (n: number) => NINE + ((n * 7) % 20) * 1000
    for (const partition of ['0', '1', '2', '3', '4'])
      await keep([0, 5, 10, 15].map((n) => messageOf(n, about(n), partition, at(n + Number(partition)))))
    const found = await find({ maxRecords: 3 })
    expect(found.records.map(({ line }) => (line.position.enqueuedAt - NINE) / 1000)).toEqual([17, 18, 19])
    expect(found.more).toBe(true)
  })

  it.each([
    ['first', [true, false]],
    ['last', [false, true]],
  ])(
    'names every place of a record, and shows the form that tells more, where the raw one came %s',
    async (_, raw) => {
      const message = messageOf(1, about(1), '0', NINE)
      const blobs = [
        await keep([message], raw[0]),
        // Another edge, so that it is a chunk, and a blob, of its own.
        await keep([message, messageOf(2, 'no JSON', '0', NINE)], raw[1]),
      ]
      const { records } = await find()
      expect(records).toHaveLength(1)
      expect(records[0]?.line.kind).toBe('event')
      expect(new Set(records[0]?.copies.map(({ blob }) => blob))).toEqual(new Set(blobs))
    },
  )
})

describe('where a record went', () => {
  const report = (sink: string, change: Partial<SinkReport>): SinkReport => ({
    sink,
    tally: EMPTY_SINK_TALLY,
    outcomes: {},
    attempts: 1,
    requests: [],
    tookMs: 1,
    stoppedBy: undefined,
    ...change,
  })
  const file = (blob: string, atMs: number, ...reports: readonly SinkReport[]) =>
    blobReceipts(receipts, virtualTime(atMs), (cause) => {
      throw cause
    }).file(blob, reports)

  interface StoredEvidence {
    readonly rows?: (outboxPartition: OutboxPartition) => readonly Partial<StoredRow>[]
    readonly deadLetters?: readonly FiledDeadLetter[]
    readonly outbox?: Pick<Outbox, 'rows' | 'rowsOfBlob'>
  }
  const trace = async (
    records: readonly FoundRecord[],
    { rows, deadLetters = [], outbox }: StoredEvidence = {},
  ) => {
    const [found] = records
    if (found === undefined) throw new Error('nothing found')
    const tracer = new Tracer({
      archive,
      receipts,
      deadLetters: { ofBlob: async () => deadLetters },
      outbox: outbox ?? {
        rows: async (outboxPartition) => (rows?.(outboxPartition) ?? []) as readonly StoredRow[],
        rowsOfBlob: async () => [],
      },
      sinks: ['siem', 'logs'],
    })
    return tracer.trace(found)
  }
  const message = messageOf(1, about(1), '0', NINE)

  it('is in the order of what must come first, whatever the clocks say', async () => {
    const blob = await keep([message], false, NINE - 5000)
    await file(blob, NINE - 9000, report('siem', { outcomes: { delivered: '0' } }))
    const { steps } = await trace((await find()).records)
    expect(steps.map(({ what, at }) => [what, at - NINE])).toEqual([
      ['enqueued', 0],
      ['archived', -5000],
      ['settled', -9000],
    ])
    expect(steps[1]).toMatchObject({ blob, line: 0 })
  })

  it('is not said to be archived at a time that nobody noted', async () => {
    const blob = await keep([message])
    await archive.getBlockBlobClient(blob).setMetadata({})
    const { steps } = await trace((await find()).records)
    expect(steps.map(({ what }) => what)).toEqual(['enqueued'])
  })

  it('is what is on file about its own line and its own sink', async () => {
    const blob = await keep([messageOf(0, about(7, 'somebody-else'), '0', NINE), message])
    await file(blob, TEN, report('siem', { outcomes: { delivered: '0' } }))
    const row = { blob, lines: '1', firstTriedAt: instant(TEN), attempts: 2 }
    const elsewhere = [
      { ...row, lines: '0' },
      { ...row, blob: 'v1/other' },
    ]
    const deadLetter = (sink: string, line: number): FiledDeadLetter =>
      ({
        deadLetter: { sink, line, deadLetteredAt: instant(TEN), attempts: 1, fault: DEFECT },
        state: 'open',
        actions: [],
      }) as never
    const { outcomes, steps } = await trace((await find()).records, {
      rows: ({ sink, partition }) =>
        sink === 'siem' ? elsewhere : partition === '0' ? [...elsewhere, row] : [],
      deadLetters: [deadLetter('siem', 0), deadLetter('siem', 1)],
    })
    expect(outcomes).toEqual(
      new Map([
        ['siem', 'deadLettered'],
        ['logs', 'pending'],
      ]),
    )
    expect(steps.slice(2)).toEqual([
      {
        at: TEN,
        what: 'deadLettered',
        sink: 'siem',
        attempts: 1,
        fault: 'internalFault',
        message: DEFECT.message,
      },
      { at: TEN, what: 'pending', sink: 'logs', attempts: 2 },
    ])
  })

  it('is pending where an operator had asked for it, too', async () => {
    const blob = await keep([message])
    const { position } = message
    const lastFault = { code: 'unavailable', message: 'down' } as const
    const { outcomes, steps } = await trace((await find()).records, {
      rows: (outboxPartition) =>
        outboxPartition.partition === replayPartitionOf('siem', position).partition &&
        outboxPartition.sink === 'siem'
          ? [{ blob, lines: '0', firstTriedAt: instant(TEN), attempts: 1, lastFault }]
          : [],
    })
    expect(outcomes).toEqual(
      new Map([
        ['siem', 'pending'],
        ['logs', 'noReceipt'],
      ]),
    )
    expect(steps.at(-1)).toEqual({
      at: TEN,
      what: 'pending',
      sink: 'siem',
      attempts: 1,
      fault: 'unavailable',
      message: 'down',
    })
  })

  it('is known of what is redelivered while it is looked for', async () => {
    const blob = await keep([message])
    const rows = async () => {
      // The row goes, and its receipt was filed before that.
      await file(blob, TEN, report('siem', { outcomes: { delivered: '0' } }))
      return []
    }
    const { outcomes } = await trace((await find()).records, { outbox: { rows, rowsOfBlob: rows } })
    expect(outcomes.get('siem')).toBe('delivered')
  })

  it('is pending however many rows of other blobs are pending before it', async () => {
    const blob = await keep([messageOf(0, about(7, 'somebody-else'), '0', NINE - 1), message])
    const outbox = tableOutbox(await stores.table(), virtualTime(TEN), randomUUID)
    const refusedOf = (at: string, line: number, enqueuedMs: number) => {
      const position = { ...message.position, sequenceNumber: line, enqueuedAt: instant(enqueuedMs) }
      return { archived: { blob: at, line, position } as ArchivedEvent, fault: DEFECT }
    }
    const others = Array.from({ length: 100 }, (_, n) => refusedOf(`v1/before-${n}`, n, NINE - 60_000))
    const mine = [refusedOf(blob, 0, NINE - 1), refusedOf(blob, 1, NINE)]
    await outbox.append(
      outboxPartitionOf('siem', message.position),
      pendingRows([...others, ...mine], instant(TEN)),
    )
    const { outcomes } = await trace((await find()).records, { outbox })
    expect(outcomes).toEqual(
      new Map([
        ['siem', 'pending'],
        ['logs', 'noReceipt'],
      ]),
    )
  })

  it.each([
    ['delivered', 'duplicate'],
    ['delivered', 'filtered'],
    ['deadLettered', 'duplicate'],
    ['duplicate', 'filtered'],
    ['filtered', 'noReceipt'],
  ] as const)('is %s where a copy of it ended as %s, whichever came first', async (best, other) => {
    for (const [first, second] of [
      [best, other],
      [other, best],
    ]) {
      archive = await stores.container()
      const blobs = [await keep([message]), await keep([message, messageOf(2, 'no JSON', '0', NINE)])]
      for (const [i, end] of [first, second].entries())
        await file(blobs[i] ?? '', TEN + i, report('siem', { outcomes: { [end ?? '']: '0' } }))
      const { outcomes } = await trace((await find()).records)
      expect(outcomes.get('siem')).toBe(best)
      receipts = await stores.container()
    }
  })

  it('is nothing at any sink where it never became an event, unless it was asked for', async () => {
    const blob = await keep([message], true)
    const { records } = await find()
    expect((await trace(records)).outcomes).toEqual(new Map())
    const rows = ({ sink }: OutboxPartition) =>
      sink === 'siem' ? [{ blob, lines: '0', firstTriedAt: instant(TEN), attempts: 0 }] : []
    expect((await trace(records, { rows })).outcomes).toEqual(new Map([['siem', 'pending']]))
  })
})
