import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Durable, durable } from '../../local/checks/chaos/model/durable.ts'
import { durableEvidence, sentMessage } from '../../local/checks/chaos/model/model-evidence.ts'
import { type Program, startProgram } from '../../local/checks/chaos/model/program.ts'
import { recordText } from '../../local/checks/chaos/records.ts'
import { receivedAt } from '../../local/checks/once/received-at.ts'
import type { SinkEvidence } from '../../local/checks/verify/evidence.ts'
import { verify } from '../../local/checks/verify/verify.ts'
import { hang, type ReceiverStep, refuse } from '../../local/emulators/http/receiver-step.ts'
import type { Message } from '../../shared/domain/position.ts'
import { type BothReceivers, bothReceivers } from '../support/both-receivers.ts'
import { messageAt } from '../support/ingest-world.ts'

/*
 * One batch of 200 records in 20 messages, through the whole pipeline and the real sinks to real servers: the same scenarios in which the
 * forwarders of others were measured to lose it.
 */
let receivers: BothReceivers
beforeAll(async () => {
  receivers = await bothReceivers()
})
afterAll(() => receivers.stop())
/** Each trial reads what the receivers hold: of itself alone. */
beforeEach(() => rm(receivers.directory, { recursive: true, force: true }))

const envelope = (...records: readonly string[]): string => `{"records":[${records.join(',')}]}`
let runs = 0

/** A batch whose records no other run has sent. */
function batchOf(
  change: (bodies: string[]) => void = () => undefined,
  messages = 20,
  records = 10,
): readonly Message[] {
  runs++
  const number = (m: number, r: number): number => runs * 100_000 + m * records + r
  const bodies = Array.from({ length: messages }, (_, m) =>
    envelope(...Array.from({ length: records }, (__, r) => recordText(number(m, r)))),
  )
  change(bodies)
  return bodies.map((body, n) => messageAt(n, body))
}

interface Trial {
  readonly program: Program
  readonly storage: Durable
  readonly batch: readonly Message[]
  /** Redelivers what is pending, as often as it takes, until nothing is. */
  readonly drain: (rounds: number) => Promise<void>
  /** Messages and events that are nowhere, and dead letters by code. */
  readonly verdict: () => Promise<{
    readonly lost: number
    readonly problems: readonly string[]
    readonly dead: readonly string[]
  }>
  readonly copies: () => readonly number[]
}

/** @param deliveryTimeoutMs long, so that a busy machine has nothing sent twice */
function trial(batch: readonly Message[], deliveryTimeoutMs = 10_000): Trial {
  const { time, sinks, ingestion, siem, directory } = receivers
  const storage = durable(() => time.now())
  const program = startProgram({
    storage,
    ports: storage.ports,
    sinks,
    time,
    onIsolated: () => undefined,
    deliveryTimeoutMs,
  })
  const servers = [
    { name: 'log-analytics', counts: () => ingestion.eventIds() },
    { name: 'webhook', counts: () => siem.eventIds() },
  ]
  const ofThisRun = ({ name, received }: SinkEvidence): SinkEvidence => ({
    name,
    received: received.filter(({ pointer }) =>
      storage.blobs().has(pointer.slice(0, pointer.lastIndexOf('#'))),
    ),
    mayBeDeadLettered: ({ code }, { says }) =>
      name === 'webhook' && code === 'tooLarge' && JSON.stringify(says['event']).length > 1_000_000,
  })
  const eventsOf = () =>
    storage.archiveLines().flatMap((line) => (line.kind === 'event' ? [line.archived] : []))
  return {
    program,
    storage,
    batch,
    async drain(rounds) {
      for (let i = 0; i < rounds; i++) {
        const pendingPartitions = await storage.ports.outbox.pendingPartitions()
        if (pendingPartitions.length === 0) return
        for (const { outboxPartition } of pendingPartitions) await program.redeliver(outboxPartition)
        time.jump(301_000)
      }
    },
    async verdict() {
      const { lost, problems } = verify({
        ...durableEvidence(storage),
        sent: batch.map(sentMessage),
        sinks: (await receivedAt(directory)).map(ofThisRun),
        pending: [],
      })
      return { lost, problems, dead: storage.deadLetters().map(({ fault }) => fault.code) }
    },
    copies: () =>
      servers.map(({ counts }) =>
        eventsOf().reduce((sum, { event }) => sum + (counts().get(event.eventId) ?? 0), 0),
      ),
  }
}

const misbehave = (step: ReceiverStep | undefined): void => {
  receivers.ingestion.always(step)
  receivers.siem.always(step)
}

const NOTHING_LOST = { lost: 0, problems: [], dead: [] }

describe('a receiver in trouble', () => {
  it.each([
    ['429 for ever, with Retry-After: 2', refuse(429, { 'retry-after': '2' })],
    ['500 for ever', refuse(500)],
    ['a wrong secret or role for ever (401)', refuse(401)],
    ['a wrong secret or a broken transformation for ever (400)', refuse(400)],
    ['a payload too large for ever (413)', refuse(413)],
    ['a schema that is wrong for ever (422)', refuse(422)],
    ['a page for ever (200)', refuse(200, { 'content-type': 'text/html' }, '<html>Sign in</html>')],
  ])(
    '%s: everything is pending, nothing is dead-lettered, and all of it arrives once that ends',
    async (_, step) => {
      const { program, batch, drain, verdict, copies } = trial(batchOf())
      misbehave(step)
      await program.ingest(batch, 0)
      await drain(10)
      expect(await verdict()).toMatchObject({ lost: 400, dead: [] })
      misbehave(undefined)
      await drain(5)
      expect(await verdict()).toEqual(NOTHING_LOST)
      expect(copies()).toEqual([200, 200])
    },
  )

  it('503 for 10 s: all of it arrives', async () => {
    const { program, batch, drain, verdict, copies } = trial(batchOf())
    misbehave(refuse(503))
    await program.ingest(batch, 0)
    receivers.time.jump(10_000)
    misbehave(undefined)
    await drain(5)
    expect(await verdict()).toEqual(NOTHING_LOST)
    expect(copies()).toEqual([200, 200])
  })

  it('a single 500: all of it arrives within the delivery timeout', async () => {
    const { program, batch, verdict, storage, copies } = trial(batchOf())
    receivers.ingestion.script(refuse(500))
    receivers.siem.script(refuse(500))
    await program.ingest(batch, 0)
    expect(await storage.ports.outbox.pendingPartitions()).toEqual([])
    expect(await verdict()).toEqual(NOTHING_LOST)
    expect(copies()).toEqual([200, 200])
  })

  it('an ingestion endpoint that hangs: the batch is settled within the delivery timeout, and all of it arrives later', async () => {
    const { program, batch, drain, verdict } = trial(batchOf(), 1_000)
    misbehave(hang)
    const startedMs = performance.now()
    await program.ingest(batch, 0)
    expect(performance.now() - startedMs).toBeLessThan(2500)
    misbehave(undefined)
    await drain(5)
    expect(await verdict()).toEqual(NOTHING_LOST)
  })
})

describe('bad input', () => {
  const insert = (at: number, body: string) => (bodies: string[]) => void bodies.splice(at, 0, body)
  const insertRecord = (record: string) => (bodies: string[]) => {
    bodies[7] = (bodies[7] ?? '').replace('{"records":[', `{"records":[${record},`)
  }

  it.each([
    ['bad JSON mid-batch', insert(10, "{'records':[{'category':'x'}]}"), ['bodyNotJson']],
    ['bad JSON first', insert(0, 'garbage {'), ['bodyNotJson']],
    ['a null message', insert(10, 'null'), ['bodyShapeUnknown']],
    ['null as records', insert(10, '{"records":null}'), ['bodyShapeUnknown']],
    ['null inside records', insertRecord('null'), ['recordNotObject']],
    ['an empty message', insert(10, ''), ['bodyEmpty']],
    ['a bare object among envelopes', insert(10, recordText(99_000_001)), []],
  ])(
    '%s: the 200 good records arrive, and exactly the bad ones are dead-lettered',
    async (_, change, dead) => {
      const { program, batch, verdict, copies } = trial(batchOf(change))
      await program.ingest(batch, 0)
      const { lost, problems, dead: found } = await verdict()
      expect({ lost, problems }).toEqual({ lost: 0, problems: [] })
      expect(found).toEqual(dead)
      for (const count of copies()) expect(count).toBeGreaterThanOrEqual(200)
    },
  )

  it.each([
    ['300 kB: it arrives, cut where it must be', 300_000, [], [201, 201]],
    ['2 MB: it arrives cut', 2_000_000, [], [201, 201]],
  ])('a record of %s, and takes no other with it', async (_, size, dead, counts) => {
    const large = (bodies: string[]) => {
      bodies.splice(5, 0, envelope(recordText(98_000_000 + size).replace('Workload', 'W'.repeat(size))))
    }
    const { program, batch, drain, verdict, copies } = trial(batchOf(large))
    await program.ingest(batch, 0)
    await drain(3)
    expect(await verdict()).toEqual({ ...NOTHING_LOST, dead })
    expect(copies()).toEqual(counts)
  })
})

describe('load and repetition', () => {
  it('a batch of 100 messages of 10 records arrives whole', async () => {
    const { program, batch, drain, verdict, copies } = trial(batchOf(undefined, 100, 10))
    await program.ingest(batch, 0)
    await drain(5)
    expect(await verdict()).toEqual(NOTHING_LOST)
    expect(copies()).toEqual([1000, 1000])
  })

  it('the same batch twice arrives once', async () => {
    const { program, batch, verdict, copies } = trial(batchOf())
    await program.ingest(batch, 0)
    await program.ingest(batch, 0)
    expect(await verdict()).toEqual(NOTHING_LOST)
    expect(copies()).toEqual([200, 200])
  })
})
