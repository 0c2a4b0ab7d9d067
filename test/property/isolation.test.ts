import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Durable, durable } from '../../local/checks/chaos/model/durable.ts'
import { modelTime } from '../../local/checks/chaos/model/model-time.ts'
import { type Injection, startProgram } from '../../local/checks/chaos/model/program.ts'
import { recordText } from '../../local/checks/chaos/records.ts'
import { groupBy } from '../../local/checks/verify/group-by.ts'
import { expandLines } from '../../shared/delivery/outbox/line-ranges.ts'
import { DELIVERED, failed } from '../../shared/delivery/sink.ts'
import type { SinkPipeline } from '../../shared/delivery/sink-pipeline.ts'
import type { ArchivedEvent } from '../../shared/domain/exported-event.ts'
import { transientFault } from '../../shared/domain/fault.ts'
import type { Position } from '../../shared/domain/position.ts'
import { digest } from '../../shared/encoding/digest.ts'
import { messageAt } from '../support/ingest-world.ts'
import { runLength } from '../support/run-length.ts'
import { type ScriptedSink, scriptedSink } from '../support/scripted-sink.ts'

const SINKS = ['broken', 'well', 'sick'] as const
const DEFECTS = [
  'reading',
  'building the chunk',
  'asking whether a sink is to get it',
  'giving it a form',
  'delivering it',
  'delivering it, once it is taken',
  'remembering that something is pending',
  'writing the receipt',
  'writing the settled ranges',
  'telling of it',
] as const

type Defect = (typeof DEFECTS)[number]

const bug = (): never => {
  throw new TypeError('undefined is not a function')
}
const isAt = ({ sequenceNumber }: Position, n: number): boolean => sequenceNumber === n

/** The program with a defect that shows at one message of the partition. */
function injected(defect: Defect, at: number): Injection {
  const inPipeline =
    (change: (pipeline: SinkPipeline) => SinkPipeline): Injection =>
    (deps) => ({
      ...deps,
      pipelines: deps.pipelines.map((pipeline) =>
        pipeline.sink.name === 'broken' ? change(pipeline) : pipeline,
      ),
    })
  const inSink = (change: (sink: SinkPipeline['sink']) => Partial<SinkPipeline['sink']>): Injection =>
    inPipeline((pipeline) => ({ ...pipeline, sink: { ...pipeline.sink, ...change(pipeline.sink) } }))
  const idsAt = new Set<string>()
  switch (defect) {
    case 'reading':
      return (deps) => ({
        ...deps,
        read: (m, memory) => (isAt(m.position, at) ? bug() : deps.read(m, memory)),
      })
    case 'building the chunk':
      // What building does with every message: it asks what it came to.
      return (deps) => ({
        ...deps,
        read: (m, memory) => {
          const read = deps.read(m, memory)
          return isAt(m.position, at) ? Object.defineProperty({ ...read }, 'bodyDigest', { get: bug }) : read
        },
      })
    case 'asking whether a sink is to get it':
      return (deps) => {
        const ids = new Set<string>()
        const read: typeof deps.read = (m, memory) => {
          const result = deps.read(m, memory)
          for (const { reading } of isAt(m.position, at) && result.status === 'split' ? result.records : [])
            if (reading.status === 'event') ids.add(reading.event.eventId)
          return result
        }
        const pipelines = deps.pipelines.map((pipeline) =>
          pipeline.sink.name === 'broken'
            ? {
                ...pipeline,
                accepts: (event: ArchivedEvent['event']) => (ids.has(event.eventId) ? bug() : true),
              }
            : pipeline,
        )
        return { ...deps, read, pipelines }
      }
    case 'giving it a form':
      return inSink((sink) => ({ encode: (a) => (isAt(a.position, at) ? bug() : sink.encode(a)) }))
    case 'delivering it':
    case 'delivering it, once it is taken':
      return inSink((sink) => ({
        encode: (a) => {
          if (isAt(a.position, at)) idsAt.add(a.event.eventId)
          return sink.encode(a)
        },
        deliver: async (batch, signal) => {
          const isHere = batch.some(({ eventId }) => idsAt.has(eventId))
          if (isHere && defect === 'delivering it') bug()
          const outcome = await sink.deliver(batch, signal)
          return isHere ? bug() : outcome
        },
      }))
    case 'remembering that something is pending':
      return inPipeline((pipeline) => ({
        ...pipeline,
        pendingMemory: Object.assign(
          Object.create(Object.getPrototypeOf(pipeline.pendingMemory)),
          pipeline.pendingMemory,
          {
            hasPending: async () => false,
            note: (_: never, { first, last }: { first: Position; last: Position }) =>
              first.sequenceNumber <= at && last.sequenceNumber >= at ? bug() : undefined,
            pass: () => undefined,
          },
        ),
      }))
    case 'writing the receipt':
      return (deps) => ({ ...deps, receipts: { ...deps.receipts, file: async () => bug() } })
    case 'writing the settled ranges':
      return (deps) => ({
        ...deps,
        settledRanges: Object.assign(Object.create(Object.getPrototypeOf(deps.settledRanges)), {
          before: () => deps.settledRanges.before(messageAt(at, '').position),
          settled: async () => bug(),
        }),
      })
    case 'telling of it':
      return (deps) => ({ ...deps, telemetry: { ...deps.telemetry, chunkSettled: bug } })
  }
}

const envelopeOf = (records: readonly number[]): string =>
  `{"records":[${records.map(recordText).join(',')}]}`

/** Runs a batch as the host does: again and again, until the program lets it pass. */
async function run(defect: Defect, at: number, batch: readonly (readonly number[])[]) {
  const time = modelTime(Date.UTC(2026, 2, 1, 10), () => 0.5)
  const storage = durable(() => time.now())
  const sinks = SINKS.map((name) =>
    scriptedSink({
      name,
      answer: () => (name === 'sick' ? failed(transientFault('unavailable', 'down')) : DELIVERED),
    }),
  )
  const alarms: unknown[] = []
  const program = startProgram({
    storage,
    ports: storage.ports,
    sinks,
    time,
    onIsolated: (cause) => alarms.push(cause),
    inject: injected(defect, at),
  })
  const messages = batch.map((records, n) => messageAt(n, envelopeOf(records)))
  let runs = 0
  for (let passed = false; !passed && runs < 10; runs++)
    passed = await program.ingest(messages, runs).then(
      () => true,
      () => false,
    )
  return { storage, sinks, messages, alarms, runs }
}

/** How each event ended at each sink, as archive, sink, ledger and dead letters hold it. */
async function endsAt(sink: ScriptedSink, storage: Durable) {
  const pending = new Set<string>()
  for (const { outboxPartition } of await storage.ports.outbox.pendingPartitions())
    for (const row of outboxPartition.sink === sink.name
      ? await storage.ports.outbox.rows(outboxPartition, 1000)
      : [])
      for (const line of storage.linesOf(row.blob))
        if (line.kind === 'event' && expandLines(row.lines).includes(line.line))
          pending.add(line.archived.event.eventId)
  const dead = new Set(
    storage
      .deadLetters()
      .flatMap((l) => (l.sink === sink.name && l.eventId !== undefined ? [l.eventId] : [])),
  )
  return { taken: sink.taken, pending, dead }
}

it('a defect, wherever it shows, passes its batch after three retries: one form in the archive, an outcome at every sink, nothing delivered twice', async () => {
  const numbers = fc.uniqueArray(fc.integer({ min: 0, max: 500 }), { minLength: 1, maxLength: 12 })
  const property = fc.asyncProperty(
    fc.constantFrom(...DEFECTS),
    numbers,
    fc.integer({ min: 1, max: 3 }),
    fc.nat(11),
    async (defect, all, perMessage, which) => {
      const batch = Array.from({ length: Math.ceil(all.length / perMessage) }, (_, i) =>
        all.slice(i * perMessage, (i + 1) * perMessage),
      )
      const at = which % batch.length
      const { storage, sinks, messages, alarms, runs } = await run(defect, at, batch)
      // A sink that fails while it delivers is left alone by its breaker before that.
      expect(runs).toBeLessThanOrEqual(4)
      expect(alarms.length > 0).toBe(runs === 4)

      const byMessage = groupBy(storage.archiveLines(), ({ position }) => String(position.sequenceNumber))
      for (const { position, body } of messages) {
        const lines = byMessage.get(String(position.sequenceNumber)) ?? []
        const isRaw = lines.map(({ kind }) => kind === 'unsplit')
        expect(new Set(isRaw).size, 'one form of each message').toBe(1)
        const digests = new Set(lines.flatMap((l) => (l.kind === 'skipped' ? [] : [l.bodyDigest])))
        expect([...digests]).toEqual([digest(body)])
        const deadLetters = storage
          .deadLetters()
          .filter((l) => l.sink === undefined && isAt(l.position, position.sequenceNumber))
        expect(deadLetters.map((l) => l.fault.code)).toEqual(isRaw[0] === true ? ['internalFault'] : [])
      }

      const events = new Set(
        storage
          .archiveLines()
          .flatMap((line) => (line.kind === 'event' ? [line.archived.event.eventId] : [])),
      )
      const told: [number, number, number][] = []
      for (const sink of sinks) {
        const { taken, pending, dead } = await endsAt(sink, storage)
        for (const eventId of events)
          expect(
            taken.includes(eventId) || pending.has(eventId) || dead.has(eventId),
            `${sink.name} ${eventId}`,
          ).toBe(true)
        // What settled ranges would have known is told again where they cannot be written.
        const times = defect === 'writing the settled ranges' ? runs : 1
        if (sink.name === 'well') told.push([taken.length, new Set(taken).size * times, dead.size])
      }
      const [[taken, once, dead] = [0, 1, 1]] = told
      expect(taken, 'told once').toBe(once)
      expect(dead).toBe(0)
      for (const { sink, fault, position } of storage.deadLetters()) {
        expect(fault.code).toBe('internalFault')
        expect([undefined, 'broken']).toContain(sink)
        expect(position.sequenceNumber).toBe(at)
      }
    },
  )
  await fc.assert(property, { numRuns: runLength(75, 300) })
}, 60_000)
