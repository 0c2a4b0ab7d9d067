import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Durable, durable, type Ports } from '../../../local/checks/chaos/model/durable.ts'
import { modelTime } from '../../../local/checks/chaos/model/model-time.ts'
import { type Injection, startProgram } from '../../../local/checks/chaos/model/program.ts'
import { recordText } from '../../../local/checks/chaos/records.ts'
import { buildChunk } from '../../../shared/archive/chunk.ts'
import { failed, type Sink } from '../../../shared/delivery/sink.ts'
import { DurabilityError } from '../../../shared/domain/durability-error.ts'
import { recordFault, sinkFault, transientFault } from '../../../shared/domain/fault.ts'
import { InvariantError } from '../../../shared/domain/invariant-error.ts'
import type { Message } from '../../../shared/domain/position.ts'
import { type IngestDeps, settleChunk } from '../../../shared/pipeline/ingest/ingest.ts'
import { eventMemory } from '../../../shared/source/event-memory.ts'
import type { ChunkSummary } from '../../../shared/telemetry/telemetry.ts'
import { ingestWorld, messageAt } from '../../support/ingest-world.ts'
import { scriptedSink } from '../../support/scripted-sink.ts'
import { type StorageAccount, storageAccount } from '../../support/storage-account.ts'

const down = failed(transientFault('unavailable', 'down', { status: 503 }))
const envelope = (...numbers: readonly number[]): string =>
  `{"records":[${numbers.map(recordText).join(',')}]}`
/** Message n holds record n. */
const messages = (from: number, to: number): readonly Message[] =>
  Array.from({ length: to - from + 1 }, (_, i) => messageAt(from + i, envelope(from + i)))

interface LabOptions {
  readonly sinks: readonly Sink[]
  readonly storage?: Durable
  readonly ports?: (ports: Ports) => Ports
  readonly inject?: Injection
}

const recordingSink = (order: string[]): Sink =>
  scriptedSink({
    answer: () => {
      order.push('delivered')
      return undefined
    },
  })

/** A process of the program on storage in memory. */
function lab({ sinks, ports = (p) => p, inject = (deps) => deps, ...options }: LabOptions) {
  const time = modelTime(Date.UTC(2026, 2, 1, 10), () => 0.5)
  const storage = options.storage ?? durable(() => time.now())
  const summaries: ChunkSummary[] = []
  const defects: unknown[] = []
  const program = startProgram({
    storage,
    ports: ports(storage.ports),
    sinks,
    time,
    onIsolated: (cause) => defects.push(cause),
    inject: (deps) =>
      inject({
        ...deps,
        telemetry: { ...deps.telemetry, chunkSettled: (summary) => summaries.push(summary) },
      }),
  })
  const outboxPartition = (sink: Sink) => ({
    sink: sink.name,
    namespace: 'risk.servicebus.windows.net',
    hub: 'entra-risk',
    partition: '0',
  })
  return { time, storage, program, summaries, defects, outboxPartition }
}

const failing = (doing: string) => () => Promise.reject(new DurabilityError(doing, undefined))

describe('taking in messages', () => {
  it('throws, and archives nothing, where a record is counted nowhere or twice', async () => {
    let deps: IngestDeps | undefined
    const { storage } = lab({
      sinks: [scriptedSink()],
      inject: (real) => {
        deps = real
        return real
      },
    })
    if (deps === undefined) throw new Error('no program')
    const { read } = deps
    const chunk = buildChunk(messages(0, 3).map((message) => read(message, eventMemory(0))))
    const { events, skipped } = chunk.tally
    for (const change of [
      { skipped: skipped - 1 },
      { skipped: skipped + 1 },
      { events: events - 1, skipped: skipped + 1 },
    ]) {
      const tally = { ...chunk.tally, ...change }
      await expect(settleChunk({ ...chunk, tally }, deps)).rejects.toThrow(InvariantError)
    }
    expect(storage.blobs().size).toBe(0)
  })

  it('makes the first request while the archive is being written, and sends nothing before it is', async () => {
    const order: string[] = []
    const scripted = scriptedSink()
    const sink: Sink = {
      ...scripted,
      ready: () => void order.push('made'),
      deliver: (batch, signal) => {
        order.push('sent')
        return scripted.deliver(batch as never, signal)
      },
    }
    const { program } = lab({
      sinks: [sink],
      inject: (deps) => ({
        ...deps,
        archive: {
          write: async (chunk) => {
            await new Promise(setImmediate)
            order.push('archived')
            return deps.archive.write(chunk)
          },
        },
      }),
    })
    await program.ingest(messages(0, 3), 0)
    expect(order).toEqual(['made', 'archived', 'sent'])
  })

  it('throws and delivers nothing while the archive cannot be written', async () => {
    const sink = scriptedSink()
    const { program, storage } = lab({
      sinks: [sink],
      ports: (ports) => ({ ...ports, archive: { write: failing('Writing an archive blob') } }),
    })
    for (const retryCount of [0, 1, 2, 3, 50])
      await expect(program.ingest(messages(0, 3), retryCount)).rejects.toThrow(DurabilityError)
    expect(sink.requests).toEqual([])
    expect(await storage.ports.outbox.pendingPartitions()).toEqual([])
    expect(storage.deadLetters()).toEqual([])
  })

  it('delivers nothing before the archive has it', async () => {
    const order: string[] = []
    const { program } = lab({
      sinks: [recordingSink(order)],
      ports: (ports) => ({
        ...ports,
        archive: {
          async write(chunk) {
            await new Promise((resolve) => setImmediate(resolve))
            const written = await ports.archive.write(chunk)
            order.push('archived')
            return written
          },
        },
      }),
    })
    await program.ingest(messages(0, 3), 0)
    expect(order).toEqual(['archived', 'delivered'])
  })

  it('takes an empty batch for nothing', async () => {
    const { program, summaries } = lab({ sinks: [scriptedSink()] })
    await program.ingest([], 0)
    expect(summaries).toEqual([])
  })

  it('archives what has no event, and writes nothing else, since there is no outcome', async () => {
    const sink = scriptedSink()
    const written: string[] = []
    const { program, storage, summaries } = lab({
      sinks: [sink],
      ports: (ports) => ({
        ...ports,
        settledRanges: {
          ...ports.settledRanges,
          write: (partition, ranges) => {
            written.push(partition.partition)
            return ports.settledRanges.write(partition, ranges)
          },
        },
      }),
    })
    const other = messageAt(0, '{"records":[{"category":"AuditLogs"}]}')
    await program.ingest([other, messageAt(1, 'no JSON')], 0)
    expect([storage.archiveLines().length, storage.deadLetters().length]).toEqual([2, 1])
    expect([storage.receipts(), written]).toEqual([0, []])
    await program.ingest(messages(2, 3), 0)
    expect([storage.receipts(), written]).toEqual([1, ['0']])
    expect([sink.taken.length, summaries.map(({ messages: count }) => count)]).toEqual([2, [2, 2]])
  })

  it('has pending what a sink does not take, and gives it to the others', async () => {
    const [sick, well] = [scriptedSink({ name: 'sick', answer: () => down }), scriptedSink({ name: 'well' })]
    const { program, storage, summaries } = lab({ sinks: [sick, well] })
    await program.ingest(messages(0, 3), 0)
    expect(well.taken).toHaveLength(4)
    expect(
      (await storage.ports.outbox.pendingPartitions()).map(({ outboxPartition, events }) => [
        outboxPartition.sink,
        events,
      ]),
    ).toEqual([['sick', 4]])
    expect(summaries[0]?.sinks.map(({ tally }) => [tally.delivered, tally.pending])).toEqual([
      [0, 4],
      [4, 0],
    ])
  })

  it('does not ask again within its delivery timeout when the sink asked for longer', async () => {
    const busy = failed(transientFault('throttled', 'busy', { status: 429, retryAfterMs: 2000 }))
    const sink = scriptedSink({ answer: () => busy })
    await lab({ sinks: [sink] }).program.ingest(messages(0, 3), 0)
    expect(sink.requests).toHaveLength(1)
  })

  it('asks again within its delivery timeout where that can help', async () => {
    const sink = scriptedSink({ answer: (_, request) => (request < 3 ? down : undefined) })
    const { program, summaries } = lab({ sinks: [sink] })
    await program.ingest(messages(0, 3), 0)
    expect(sink.requests).toHaveLength(3)
    expect(summaries[0]?.sinks[0]?.tally.delivered).toBe(4)
  })

  it('keeps the order of a partition: while something is pending, what comes next is pending behind it', async () => {
    let up = false
    const sink = scriptedSink({ answer: () => (up ? undefined : down) })
    const { program, time, outboxPartition, storage } = lab({ sinks: [sink] })
    await program.ingest(messages(0, 1), 0)
    up = true
    await program.ingest(messages(2, 3), 0)
    expect(sink.taken).toEqual([])
    await program.redeliver(outboxPartition(sink))
    await program.ingest(messages(4, 5), 0)
    time.advance(10_000)
    await program.ingest(messages(6, 7), 0)
    expect(sink.taken).toHaveLength(8)
    expect(await storage.ports.outbox.pendingPartitions()).toEqual([])
    const inOrder = scriptedSink()
    await lab({ sinks: [inOrder] }).program.ingest(messages(0, 7), 0)
    expect(sink.taken).toEqual(inOrder.taken)
  })

  it('leaves a sink alone once it has failed twice, and comes back to it', async () => {
    let up = false
    const sink = scriptedSink({ answer: () => (up ? undefined : down) })
    const { program, time, outboxPartition } = lab({ sinks: [sink] })
    const onPartition = (partition: string) => [messageAt(0, envelope(Number(partition)), partition)]
    for (const partition of ['1', '2']) await program.ingest(onPartition(partition), 0)
    const asked = sink.requests.length
    await program.ingest(onPartition('3'), 0)
    expect(sink.requests).toHaveLength(asked)
    up = true
    time.advance(2000)
    for (const partition of ['4', '5']) await program.ingest(onPartition(partition), 0)
    expect(sink.taken).toHaveLength(2)
    for (const partition of ['1', '2', '3']) await program.redeliver({ ...outboxPartition(sink), partition })
    expect(sink.taken).toHaveLength(5)
  })

  it('does not hold it against a sink that a large batch outlasts the delivery timeout', async () => {
    const sink = scriptedSink({
      maxEvents: 1,
      answer: () => {
        time.advance(300)
        return undefined
      },
    })
    const { program, time } = lab({ sinks: [sink] })
    for (const partition of ['1', '2', '3']) {
      const before = sink.taken.length
      const records = Array.from({ length: 9 }, (_, n) => Number(partition) * 100 + n)
      await program.ingest([messageAt(0, envelope(...records), partition)], 0)
      expect(sink.taken.length - before, partition).toBe(4)
    }
  })

  it('dead-letters nothing for a wrong secret that is answered by 400, and leaves the sink alone at once', async () => {
    let healthy = true
    const sink = scriptedSink({
      maxEvents: 500,
      answer: () => (healthy ? undefined : failed(recordFault('payloadRefused', 'no', { status: 400 }))),
    })
    const other = scriptedSink({ name: 'other', maxEvents: 500 })
    const { program, storage, summaries, outboxPartition } = lab({ sinks: [sink, other] })
    await program.ingest(messages(0, 9), 0)
    healthy = false
    await program.ingest(messages(10, 49), 0)
    expect(summaries.at(-1)?.sinks[0]).toMatchObject({ tally: { pending: 40 }, stoppedBy: 'allRefused' })
    const elsewhere = Array.from({ length: 5 }, (_, n) => messageAt(n, envelope(100 + n), '1'))
    await program.ingest(elsewhere, 0)
    expect(summaries.at(-1)?.sinks[0]).toMatchObject({ tally: { pending: 5 }, stoppedBy: 'breakerOpen' })
    expect(storage.deadLetters()).toEqual([])
    expect(other.taken).toHaveLength(55)
    for (let drains = 0; drains < 10; drains++) await program.redeliver(outboxPartition(sink))
    expect(storage.deadLetters()).toEqual([])
    expect(
      (await storage.ports.outbox.pendingPartitions()).reduce((sum, { events }) => sum + events, 0),
    ).toBe(45)
  })

  it('dead-letters nothing for a wrong secret', async () => {
    const sink = scriptedSink({ answer: () => failed(sinkFault('unauthorized', 'The secret is wrong.')) })
    const { program, storage } = lab({ sinks: [sink] })
    await program.ingest(messages(0, 9), 0)
    expect(storage.deadLetters()).toEqual([])
    expect((await storage.ports.outbox.pendingPartitions())[0]?.events).toBe(10)
  })

  it('settles an event that comes again as a duplicate, wherever it comes from', async () => {
    const sink = scriptedSink()
    const { program, summaries } = lab({ sinks: [sink] })
    await program.ingest([messageAt(0, envelope(1, 1, 2))], 0)
    await program.ingest([messageAt(1, envelope(2)), messageAt(0, envelope(1), '3')], 0)
    expect(sink.taken).toHaveLength(2)
    expect(summaries.map(({ sinks }) => sinks[0]?.tally.duplicate)).toEqual([1, 2])
  })
})

describe('a batch that the host runs again', () => {
  it('is not delivered again to a sink that is known to have it, by whatever process and with whatever edges', async () => {
    const [first, second] = [scriptedSink({ name: 'a' }), scriptedSink({ name: 'b' })]
    const { program, storage } = lab({ sinks: [first, second] })
    await program.ingest(messages(0, 4), 0)
    await program.ingest(messages(5, 9), 0)
    const restarted = lab({ sinks: [first, second], storage })
    await restarted.program.ingest(messages(3, 7), 0)
    expect(first.taken).toHaveLength(10)
    expect(second.taken).toHaveLength(10)
    expect(restarted.summaries[0]?.sinks.map(({ tally }) => tally.duplicate)).toEqual([5, 5])
  })

  it('goes again only to the sink whose pending delivery could not be written', async () => {
    let outboxWorks = false
    const [sick, well] = [scriptedSink({ name: 'sick', answer: () => down }), scriptedSink({ name: 'well' })]
    const { program, storage } = lab({
      sinks: [sick, well],
      ports: (ports) => ({
        ...ports,
        outbox: {
          ...ports.outbox,
          append: (outboxPartition, rows) =>
            outboxWorks ? ports.outbox.append(outboxPartition, rows) : failing('Writing to the outbox')(),
        },
      }),
    })
    await expect(program.ingest(messages(0, 3), 0)).rejects.toThrow(DurabilityError)
    outboxWorks = true
    await program.ingest(messages(0, 3), 1)
    expect(well.taken).toHaveLength(4)
    expect(
      (await storage.ports.outbox.pendingPartitions()).map(({ outboxPartition, events }) => [
        outboxPartition.sink,
        events,
      ]),
    ).toEqual([['sick', 4]])
  })

  it('loses nothing of a re-created hub, whose numbers begin anew', async () => {
    const sink = scriptedSink()
    const { program, storage } = lab({ sinks: [sink] })
    await program.ingest(messages(0, 79), 0)
    const later = Date.UTC(2026, 2, 2)
    const anew = Array.from({ length: 30 }, (_, n) => messageAt(n, envelope(1000 + n), '0', later))
    await lab({ sinks: [sink], storage }).program.ingest(anew, 0)
    expect(sink.taken).toHaveLength(110)
  })
})

describe('a batch that meets a defect of ours', () => {
  const poisonous: Injection = (deps) => ({
    ...deps,
    read: (message, memory) => {
      if (message.position.sequenceNumber === 2) throw new TypeError('undefined is not a function')
      return deps.read(message, memory)
    },
  })

  it('is thrown back three times, then taken message by message: the one is kept raw, dead-lettered and passed', async () => {
    const sink = scriptedSink()
    const { program, storage, defects } = lab({ sinks: [sink], inject: poisonous })
    for (const retryCount of [0, 1, 2])
      await expect(program.ingest(messages(0, 4), retryCount)).rejects.toThrow(TypeError)
    expect(sink.taken).toEqual([])
    await program.ingest(messages(0, 4), 3)
    expect(sink.taken).toHaveLength(4)
    expect(defects).toHaveLength(1)
    const [raw] = storage.archiveLines().filter((line) => line.kind === 'unsplit')
    expect(Buffer.from(raw?.body ?? '').toString()).toBe(envelope(2))
    expect(storage.deadLetters().map(({ fault, position }) => [fault.code, position.sequenceNumber])).toEqual(
      [['internalFault', 2]],
    )
  })

  it('is passed at one sink without a loss at the other', async () => {
    const [broken, well] = [scriptedSink({ name: 'broken' }), scriptedSink({ name: 'well' })]
    const [, , bad] = messages(0, 4)
    const { program, storage } = lab({
      sinks: [
        {
          ...broken,
          encode: (archived) => {
            if (archived.position.sequenceNumber === bad?.position.sequenceNumber)
              throw new TypeError('a bug')
            return broken.encode(archived)
          },
        },
        well,
      ],
    })
    for (const retryCount of [0, 1, 2])
      await expect(program.ingest(messages(0, 4), retryCount)).rejects.toThrow(TypeError)
    await program.ingest(messages(0, 4), 3)
    expect(broken.taken).toHaveLength(4)
    expect(well.taken).toHaveLength(5)
    expect(storage.deadLetters().map(({ fault, sink }) => [fault.code, sink])).toEqual([
      ['internalFault', 'broken'],
    ])
  })

  it('is passed with all that the defect does not concern: one event of a message is dead-lettered, at one sink, where the archive has it', async () => {
    const sink = scriptedSink()
    const encode: Sink['encode'] = (archived) => {
      if (archived.ordinal === 1) throw new TypeError('a bug')
      return sink.encode(archived)
    }
    const { program, storage, defects } = lab({ sinks: [{ ...sink, encode }] })
    await program.ingest([messageAt(0, envelope(1, 2, 3, 4)), messageAt(1, envelope(5))], 3)
    expect(sink.taken).toHaveLength(4)
    expect(defects).toHaveLength(1)
    const lines = storage.archiveLines()
    expect(lines.map(({ kind }) => kind)).toEqual(Array(5).fill('event'))
    const [deadLetter, ...others] = storage.deadLetters()
    expect(others).toEqual([])
    const pointed = lines.find(({ blob, line }) => blob === deadLetter?.blob && line === deadLetter.line)
    expect(pointed).toMatchObject({ ordinal: 1, archived: { event: { eventId: deadLetter?.eventId } } })
  })

  it('holds the batch when what is to be dead-lettered cannot be, because of a defect there', async () => {
    const { program } = lab({
      sinks: [scriptedSink()],
      inject: (deps) => ({
        ...poisonous(deps),
        deadLetters: { write: () => Promise.reject(new TypeError('a bug in the dead letters')) },
      }),
    })
    await expect(program.ingest(messages(0, 4), 9)).rejects.toThrow('a bug in the dead letters')
  })

  it('is thrown back, not passed, while the storage fails too', async () => {
    const sinks = [
      { ...scriptedSink({ name: 'broken' }), deliver: () => Promise.reject(new TypeError('a bug')) },
      scriptedSink({ name: 'sick', answer: () => down }),
    ]
    const { program, storage } = lab({
      sinks,
      ports: (ports) => ({ ...ports, outbox: { ...ports.outbox, append: failing('Writing to the outbox') } }),
    })
    await expect(program.ingest(messages(0, 1), 7)).rejects.toThrow(DurabilityError)
    expect(storage.deadLetters()).toEqual([])
  })
})

describe('the archive of batches that are run again', () => {
  let azurite: StorageAccount
  beforeAll(async () => {
    azurite = await storageAccount()
  })
  afterAll(() => azurite.stop())

  it('holds one blob, however often and whenever the batch is run, also across the edge of an hour', async () => {
    const world = await ingestWorld({
      azurite,
      sinks: [scriptedSink()],
      startMs: Date.UTC(2026, 2, 1, 9, 59, 59),
    })
    const startMs = Date.UTC(2026, 2, 1, 9, 59, 57)
    const batch = Array.from({ length: 6 }, (_, n) => messageAt(n, envelope(n), '0', startMs))
    for (let i = 0; i < 12; i++) {
      await world.ingest(batch)
      world.time.advance(700)
    }
    const names: string[] = []
    for await (const { name } of world.archive.listBlobsFlat()) names.push(name)
    expect(names).toHaveLength(1)
    expect(names[0]).toContain('ingest_hour=09')
  })
})
