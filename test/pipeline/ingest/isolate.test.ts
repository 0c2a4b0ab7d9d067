import { beforeEach, describe, expect, it } from 'vitest'
import { type Durable, durable } from '../../../local/checks/chaos/model/durable.ts'
import { modelTime } from '../../../local/checks/chaos/model/model-time.ts'
import { type Injection, startProgram } from '../../../local/checks/chaos/model/program.ts'
import { recordText } from '../../../local/checks/chaos/records.ts'
import type { Receipts } from '../../../shared/delivery/receipts/receipt.ts'
import type { Sink } from '../../../shared/delivery/sink.ts'
import { parseEvent } from '../../../shared/domain/flat-event.ts'
import type { RiskEvent } from '../../../shared/domain/risk-event.ts'
import { messageAt } from '../../support/ingest-world.ts'
import { type ScriptedSink, scriptedSink } from '../../support/scripted-sink.ts'

/** A retry from which messages are taken one by one. */
const ISOLATED = 3
const NO_EVENT = '{"category":"ServicePrincipalRiskEvents"}'
const time = modelTime(Date.UTC(2026, 2, 1, 10), () => 0.5)
const messageOf = (n: number, ...records: readonly string[]) =>
  messageAt(n, `{"records":[${records.join(',')}]}`)
const bug = (): never => {
  throw new TypeError('a bug')
}

let storage: Durable
let sink: ScriptedSink
let alarms: unknown[]
beforeEach(() => {
  alarms = []
  storage = durable(() => time.now())
  sink = scriptedSink()
})

/** A process of the program; with one sink, unless others are given. */
const started = (inject: Injection = (deps) => deps, sinks: readonly Sink[] = [sink]) =>
  startProgram({
    storage,
    ports: storage.ports,
    sinks,
    time,
    onIsolated: (cause) => alarms.push(cause),
    inject,
  })

const inPipelines =
  (change: Partial<Parameters<Injection>[0]['pipelines'][number]>): Injection =>
  (deps) => ({ ...deps, pipelines: deps.pipelines.map((pipeline) => ({ ...pipeline, ...change })) })

describe('a message that met a defect', () => {
  it('while it was read is delivered once its batch is run again by a program that can read it', async () => {
    const batch = [1, 2, 3].map((n) => messageOf(n, recordText(n)))
    const unreading: Injection = (deps) => ({
      ...deps,
      read: (message, memory) => (message.position.sequenceNumber === 2 ? bug() : deps.read(message, memory)),
    })
    await started(unreading).ingest(batch, ISOLATED)
    expect(sink.taken).toHaveLength(2)
    await started().ingest(batch, 0)
    expect(sink.taken).toHaveLength(3)
  })

  it('is not passed while its records that are no events cannot be dead-lettered, settled as its events are', async () => {
    const batch = [messageOf(1, recordText(1), NO_EVENT)]
    const program = started((deps) => ({
      ...deps,
      deadLetters: { write: async ({ length }) => (length > 0 ? bug() : undefined) },
    }))
    await expect(program.ingest(batch, ISOLATED)).rejects.toThrow('a bug')
    expect(sink.taken).toHaveLength(1)
    await started().ingest(batch, ISOLATED)
    expect(storage.deadLetters().map(({ fault }) => fault.code)).toEqual(['fieldMissing'])
  })

  it('leaves no dead letter of what the sink is known to have', async () => {
    const batch = [1, 2].map((n) => messageOf(n, recordText(n)))
    await started().ingest(batch.slice(0, 1), 0)
    await started(inPipelines({ accepts: bug })).ingest(batch, ISOLATED)
    expect(sink.taken).toHaveLength(1)
    expect(storage.deadLetters().map(({ position }) => position.sequenceNumber)).toEqual([2])
  })

  it('leaves no dead letter of what the sink was not to get', async () => {
    const wanted = inPipelines({
      sink: { ...sink, deliver: () => Promise.reject(new TypeError('a bug')) },
      accepts: (event) => (parseEvent(event) as RiskEvent).risk.level === 'high',
    })
    await started(wanted).ingest([messageOf(1, recordText(0), recordText(1))], ISOLATED)
    expect(storage.deadLetters().map(({ ordinal }) => ordinal)).toEqual([1])
  })

  it('leaves no dead letter at a sink that it did not concern', async () => {
    const broken = { ...scriptedSink({ name: 'broken' }), deliver: async () => bug() }
    await started(undefined, [broken, sink]).ingest([messageOf(1, recordText(1))], ISOLATED)
    expect(sink.taken).toHaveLength(1)
    expect(storage.deadLetters().map((deadLetter) => deadLetter.sink)).toEqual(['broken'])
  })

  it('is dead-lettered as a whole where it is not known what the sink has', async () => {
    const unknowing: Injection = (deps) => ({
      ...deps,
      settledRanges: { before: async () => bug(), settled: async () => undefined },
    })
    await started(unknowing).ingest([messageOf(1, recordText(1), recordText(2))], ISOLATED)
    expect(storage.deadLetters().map(({ ordinal, fault }) => [ordinal, fault.code])).toEqual([
      [0, 'internalFault'],
      [1, 'internalFault'],
    ])
  })

  it('is told of once, however many of its events did', async () => {
    const batch = [messageOf(1, recordText(1), recordText(2)), messageOf(2, recordText(3))]
    await started(undefined, [{ ...sink, encode: bug }]).ingest(batch, ISOLATED)
    expect(alarms).toHaveLength(2)
    expect(storage.deadLetters()).toHaveLength(3)
  })
})

it('a receipt of a chunk tells of the sinks at which it was settled, and of no other', async () => {
  const receipts: Parameters<Receipts['file']>[1][] = []
  const broken = { ...scriptedSink({ name: 'broken' }), deliver: async () => bug() }
  const noting: Injection = (deps) => ({
    ...deps,
    receipts: { ...deps.receipts, file: async (_, reports) => void receipts.push(reports) },
  })
  await expect(started(noting, [broken, sink]).ingest([messageOf(1, recordText(1))], 0)).rejects.toThrow(
    'a bug',
  )
  expect(receipts).toMatchObject([[{ sink: sink.name, tally: { delivered: 1 } }]])
})

it('no request is made before there is anything to send, or for a sink that is left alone', async () => {
  let made = 0
  let isOpen = false
  const ready: Sink = { ...sink, ready: () => void made++ }
  const change: Injection = (deps) => ({
    ...deps,
    pipelines: deps.pipelines.map((pipeline) => ({
      ...pipeline,
      accepts: () => isOpen,
      breaker: Object.defineProperty(pipeline.breaker, 'isOpen', { get: () => isOpen }),
    })),
  })
  const program = started(change, [ready])
  await program.ingest([messageOf(1, recordText(1))], 0)
  isOpen = true
  await program.ingest([messageOf(2, recordText(2))], 0)
  expect(made).toBe(0)
})
