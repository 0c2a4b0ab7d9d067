import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { deadLetterReader } from '../../../shared/delivery/dead-letters/dead-letter-reader.ts'
import { parseDeadLetterLines } from '../../../shared/delivery/dead-letters/parse-dead-letter.ts'
import { replayPartitionOf } from '../../../shared/delivery/outbox/outbox.ts'
import { replayRows } from '../../../shared/delivery/outbox/replay-rows.ts'
import { recordFault } from '../../../shared/domain/fault.ts'
import { instant } from '../../../shared/domain/identifiers.ts'
import type { Message } from '../../../shared/domain/position.ts'
import type { ReadMessage } from '../../../shared/domain/read-message.ts'
import { unsplitMessage } from '../../../shared/source/unsplit-message.ts'
import { envelope, type IngestWorld, ingestWorld, messageAt, riskRecord } from '../../support/ingest-world.ts'
import { scriptedSink } from '../../support/scripted-sink.ts'
import { type StorageAccount, storageAccount } from '../../support/storage-account.ts'

let azurite: StorageAccount
beforeAll(async () => {
  azurite = await storageAccount()
})
afterAll(() => azurite.stop())

const OLD_BUG = recordFault('internalFault', 'An older program could not do it.')

/** Messages as a program read them that knew fewer records than today's. */
const asOlderProgram =
  (world: IngestWorld, ordinal: number) =>
  (message: Message): ReadMessage => {
    const read = world.rereader.readMessage(message)
    if (read.status === 'unsplit') return read
    return {
      ...read,
      records: read.records.map((r) =>
        r.ordinal === ordinal
          ? { ...r, reading: { status: 'fault', fault: OLD_BUG, origin: 'stream' } as const }
          : r,
      ),
    }
  }

async function onlyBlob(world: IngestWorld, containing: string): Promise<string> {
  for await (const { name } of world.archive.listBlobsFlat()) if (name.includes(containing)) return name
  throw new Error(`no blob ${containing}`)
}

describe('a row that asks for records to be normalised again', () => {
  it('delivers records that were faults and normalise today, and dead-letters what still does not', async () => {
    const sink = scriptedSink({ name: 'siem-a' })
    const world = await ingestWorld({ azurite, sinks: [sink] })
    const message = messageAt(1, envelope(riskRecord(1), riskRecord(2), '{"category":"RiskyAgents"}'), 'a')
    await world.ingest([message], asOlderProgram(world, 1))
    expect(sink.taken).toHaveLength(1)

    const blob = await onlyBlob(world, 'p=a')
    const pointers = [1, 2].map((line) => ({ blob, line, position: message.position }))
    const outboxPartition = replayPartitionOf('siem-a', message.position)
    await world.outbox.append(outboxPartition, replayRows(pointers, 'renormalise', instant(world.time.now())))
    expect((await world.outbox.rows(outboxPartition, 10))[0]).toMatchObject({
      mode: 'renormalise',
      attempts: 0,
    })
    await world.redeliver(outboxPartition)

    expect(sink.taken).toHaveLength(2)
    expect(new Set(sink.taken).size).toBe(2)
    expect(await world.outbox.pendingUntil(outboxPartition)).toBeUndefined()
    const deadLetters = await deadLetterReader(world.deadLetters).ofBlob(blob, ['siem-a', 'records'])
    expect(
      deadLetters.map(({ deadLetter }) => [deadLetter.sink, deadLetter.line, deadLetter.fault.code]),
    ).toEqual([
      ['siem-a', 2, 'fieldMissing'],
      [undefined, 1, 'internalFault'],
      [undefined, 2, 'fieldMissing'],
    ])
    expect(deadLetters[0]?.deadLetter.replay).toEqual({ mode: 'renormalise', askedAt: world.time.now() })
  })

  it('splits a message that could not be split before, and has pending all of it while the sink is down', async () => {
    let down = true
    const fault = { code: 'unavailable', scope: 'transient', message: 'down' } as const
    const sink = scriptedSink({
      name: 'siem-b',
      answer: () => (down ? { status: 'failed', fault } : undefined),
    })
    const world = await ingestWorld({ azurite, sinks: [sink] })
    const message = messageAt(7, envelope(riskRecord(1), riskRecord(2)), 'b')
    await world.ingest([message], (m) => unsplitMessage(m, OLD_BUG))

    const blob = await onlyBlob(world, 'p=b')
    const outboxPartition = replayPartitionOf('siem-b', message.position)
    const [row] = replayRows([{ blob, line: 0, position: message.position }], 'renormalise', instant(5))
    if (row === undefined) throw new Error('no row')
    await world.outbox.append(outboxPartition, [{ ...row, firstTriedAt: instant(world.time.now()) }])
    await world.redeliver(outboxPartition)
    expect((await world.outbox.rows(outboxPartition, 10))[0]).toMatchObject({
      mode: 'renormalise',
      attempts: 1,
      lines: '0',
      events: 2,
      lastFault: { code: 'unavailable' },
    })
    down = false
    world.time.advance(3_600_000)
    await world.redeliver(outboxPartition)
    expect(sink.taken).toHaveLength(2)
    expect(await world.outbox.pendingUntil(outboxPartition)).toBeUndefined()
  })

  it('is dead-lettered again under another name when it was before', async () => {
    const refused = recordFault('payloadRefused', 'Not like this.')
    let bad: string | undefined
    const sink = scriptedSink({
      name: 'siem-c',
      answer: ([first, ...others]) => {
        bad ??= first
        return [first, ...others].includes(bad) ? { status: 'failed', fault: refused } : undefined
      },
    })
    const world = await ingestWorld({ azurite, sinks: [sink] })
    // The other one shows that it is not the sink that refuses.
    const message = messageAt(9, envelope(riskRecord(1), riskRecord(2)), 'c')
    await world.ingest([message])
    const blob = await onlyBlob(world, 'p=c')
    const outboxPartition = replayPartitionOf('siem-c', message.position)
    world.time.advance(60_000)
    const pointers = [0, 1].map((line) => ({ blob, line, position: message.position }))
    await world.outbox.append(outboxPartition, replayRows(pointers, 'asArchived', instant(world.time.now())))
    await world.redeliver(outboxPartition)

    const texts: string[] = []
    for await (const { name } of world.deadLetters.listBlobsFlat({ prefix: 'v1/siem-c/' }))
      texts.push((await world.deadLetters.getBlockBlobClient(name).downloadToBuffer()).toString())
    const deadLetters = texts.flatMap(parseDeadLetterLines).filter((line) => typeof line === 'object')
    expect(deadLetters).toHaveLength(2)
    expect(new Set(deadLetters.map((l) => l.id)).size).toBe(1)
    const [latest] = await deadLetterReader(world.deadLetters).ofBlob(blob, ['siem-c'])
    expect(latest?.deadLetter.replay?.mode).toBe('asArchived')
  })
})

describe('a row of the ledger', () => {
  it('that asks for something this program does not know is left for a newer one', async () => {
    const world = await ingestWorld({ azurite, sinks: [] })
    const message = messageAt(1, '', 'd')
    const outboxPartition = replayPartitionOf('siem-d', message.position)
    const rows = replayRows([{ blob: 'v1/x', line: 0, position: message.position }], 'asArchived', instant(1))
    await world.outbox.append(outboxPartition, [
      ...rows.map((row) => ({ ...row, key: `${row.key}-new`, mode: 'sideways' as never })),
      ...rows,
    ])
    expect((await world.outbox.rows(outboxPartition, 10)).map((r) => r.mode)).toEqual(['asArchived'])
  })
})
