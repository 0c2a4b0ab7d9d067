import { beforeEach, describe, expect, it } from 'vitest'
import { pendingRows } from '../../../shared/delivery/outbox/outbox.ts'
import { Refusals } from '../../../shared/delivery/send/refusals.ts'
import { type DeliveryOutcome, failed } from '../../../shared/delivery/sink.ts'
import { DurabilityError } from '../../../shared/domain/durability-error.ts'
import { recordFault, sinkFault, transientFault } from '../../../shared/domain/fault.ts'
import { instant } from '../../../shared/domain/identifiers.ts'
import { InvariantError } from '../../../shared/domain/invariant-error.ts'
import { AgeLimit } from '../../../shared/pipeline/redeliver/age-limit.ts'
import type { RedeliverDeps } from '../../../shared/pipeline/redeliver/redeliver.ts'
import { archivedEventAt, eventIdAt } from '../../support/archived-event-at.ts'
import { HOUR_MS, pendingWorld, unreadLines } from '../../support/pending-world.ts'
import { type ScriptedSink, scriptedSink } from '../../support/scripted-sink.ts'
import { type VirtualTime, virtualTime } from '../../support/virtual-time.ts'

const id: (n: number) => string = eventIdAt
const ids = (...numbers: readonly number[]): readonly string[] => numbers.map(id)
const down = failed(transientFault('unavailable', 'down', { status: 503 }))
const throttled = (retryAfterMs: number) =>
  failed(transientFault('throttled', 'busy', { status: 429, retryAfterMs }))
const unauthorized = failed(sinkFault('unauthorized', 'The secret is wrong.', { status: 401 }))
/** As long as a drain may send, of its 20 seconds. */
const HANGS_MS = 18_000
const refused = recordFault('payloadRefused', 'refused', { status: 400 })

/** The first requests are answered by this list, all others are taken. */
const firstAnswers =
  (...answers: readonly DeliveryOutcome[]) =>
  (_: readonly string[], request: number): DeliveryOutcome | undefined =>
    answers[request - 1]

let time: VirtualTime
beforeEach(() => {
  time = virtualTime()
})
/** A process that remembers what this sink refused. */
const knowing = (sink: ScriptedSink): RedeliverDeps['sinks'] =>
  new Map([[sink.name, { sink: { ...sink, refusals: new Refusals() }, accepts: () => true }]])

const worldOf = (options: Parameters<typeof scriptedSink>[0] = {}) => {
  const sink = scriptedSink(options)
  return { sink, world: pendingWorld(sink, time) }
}

describe('a drain of the outbox', () => {
  it('delivers rows in the order of the stream, merged up to what the sink takes at once', async () => {
    const { sink, world } = worldOf({ maxEvents: 4 })
    await world.append([5, 6], [1, 2], [3, 4])
    await world.drain()
    expect(sink.requests).toEqual([ids(1, 2, 3, 4), ids(5, 6)])
    expect(await world.pending()).toEqual([])
    expect(world.wakeUpsSent).toEqual([])
  })

  it('goes on over as many rounds as its budget holds', async () => {
    const { sink, world } = worldOf({ maxEvents: 100 })
    await world.append(...Array.from({ length: 120 }, (_, i) => [i, i] as const))
    await world.drain()
    expect(sink.taken).toHaveLength(120)
    expect(await world.pending()).toEqual([])
  })

  it('leaves a receipt of each row', async () => {
    const { world } = worldOf({ answer: firstAnswers({ status: 'delivered' }, down), maxEvents: 2 })
    await world.append([1, 2], [3, 4])
    await world.drain()
    expect(world.receipts.map((r) => [r.lines, r.tally.delivered, r.tally.pending, r.attempts])).toEqual([
      ['1-2', 2, 0, 2],
      ['3-4', 0, 2, 2],
    ])
  })

  it('delivers once what two rows point at, and tells both how that ended', async () => {
    const { sink, world } = worldOf({ answer: firstAnswers({ status: 'delivered' }, down), maxEvents: 4 })
    await world.append([1, 4], [3, 6])
    await world.drain()
    expect(sink.requests).toEqual([ids(1, 2, 3, 4), ids(5, 6)])
    expect(await world.pending()).toEqual(['5-6'])
    expect(world.receipts.map(({ lines, outcomes, requests }) => [lines, outcomes, requests.length])).toEqual(
      [
        ['1-4', { delivered: '1-4' }, 1],
        ['3-6', { delivered: '3-4', pending: '5-6' }, 2],
      ],
    )
    time.advance(HOUR_MS)
    await world.drain()
    expect(sink.taken).toEqual(ids(1, 2, 3, 4, 5, 6))
    expect(await world.pending()).toEqual([])
  })

  it('dead-letters a refused record for each row that points at it, in the blob that the row names', async () => {
    const bad = (some: readonly string[]): DeliveryOutcome | undefined =>
      some.includes(id(2)) ? failed(refused) : undefined
    const { sink, world } = worldOf({ answer: bad })
    const pending = [2, 3].map((n) => ({
      archived: archivedEventAt(n, { blob: 'v1/other.jsonl.gz' }),
      fault: refused,
    }))
    await world.append([1, 2])
    await world.outbox.append(world.outboxPartition, pendingRows(pending, instant(time.now())))
    await world.drain()
    expect(sink.taken).toEqual(ids(1, 3))
    expect(world.deadLetters.map(({ blob, line }) => [blob, line])).toEqual([
      ['v1/blob.jsonl.gz', 2],
      ['v1/other.jsonl.gz', 2],
    ])
  })

  it('sends one wake-up, delayed, when the sink fails, and is not due before', async () => {
    const { sink, world } = worldOf({ answer: firstAnswers(down) })
    await world.append([1, 2], [3, 4])
    await world.drain()
    expect(world.wakeUpsSent).toHaveLength(1)
    const delayMs = world.wakeUpsSent[0]?.delayMs ?? 0
    expect(delayMs).toBeGreaterThanOrEqual(1000)
    await world.drain()
    expect(sink.requests).toHaveLength(1)
    time.advance(delayMs)
    await world.drain()
    expect(sink.taken).toEqual(ids(1, 2, 3, 4))
  })

  it('counts an attempt of the row at which it stopped only', async () => {
    const { world } = worldOf({ answer: () => down })
    await world.append([1, 2], [3, 4], [5, 6])
    await world.drain()
    expect((await world.outbox.rows(world.outboxPartition, 10)).map((row) => row.attempts)).toEqual([2, 1, 1])
  })

  it('probes a sink that was down with one row, and sends the rest once that is taken', async () => {
    const { sink, world } = worldOf({ answer: firstAnswers(down, down) })
    await world.append([1, 1], [2, 2], [3, 3])
    await world.drain()
    time.advance(HOUR_MS)
    await world.drain()
    time.advance(HOUR_MS)
    await world.drain()
    expect(sink.requests).toEqual([ids(1, 2, 3), ids(1), ids(1), ids(2, 3)])
  })

  it('probes what was refused alone together with what is behind it, which is how that ends', async () => {
    const bad = new Set(ids(1, 2, 3, 4, 5, 6, 7))
    const { sink, world } = worldOf({
      maxEvents: 50,
      answer: (some) => (some.some((one) => bad.has(one)) ? failed(refused) : undefined),
    })
    const known = knowing(sink)
    const drains = async (): Promise<void> => {
      await world.drain({ sinks: known })
      time.advance(HOUR_MS)
    }
    await world.append([1, 1])
    for (let i = 0; i < 5; i++) await drains()
    expect(world.deadLetters, 'alone, nobody can tell').toEqual([])
    expect((await world.outbox.rows(world.outboxPartition, 10))[0]?.lastFault?.code).toBe('allRefused')
    await world.append([2, 7], [8, 40], [41, 45])
    for (let i = 0; i < 4; i++) await drains()
    expect(world.deadLetters.map(({ line, fault }) => [line, fault.code])).toEqual(
      [1, 2, 3, 4, 5, 6, 7].map((line) => [line, 'payloadRefused']),
    )
    expect(sink.taken).toEqual(ids(...Array.from({ length: 38 }, (_, n) => 8 + n)))
    expect(await world.pending()).toEqual([])
  })

  it.each([16, 40])(
    'gets three further with each drain through %i bad events at the head, until one behind them is taken',
    async (count) => {
      const bad = new Set(ids(...Array.from({ length: count }, (_, n) => n + 1)))
      const { sink, world } = worldOf({
        maxEvents: 50,
        answer: (some) => (some.some((one) => bad.has(one)) ? failed(refused) : undefined),
      })
      const sinks = knowing(sink)
      await world.append(...Array.from({ length: 100 }, (_, n) => [n + 1, n + 1] as const))
      let drains = 0
      for (; (await world.pending()).length > 0; drains++) {
        expect(drains).toBeLessThanOrEqual(Math.ceil(count / 3))
        await world.drain({ sinks })
        time.advance(HOUR_MS)
      }
      const found = [...world.deadLetters].sort((a, b) => a.line - b.line)
      expect(found.map(({ line, fault }) => [line, fault.code])).toEqual(
        Array.from({ length: count }, (_, n) => [n + 1, 'payloadRefused']),
      )
      expect(sink.taken).toEqual(ids(...Array.from({ length: 100 - count }, (_, n) => count + n + 1)))
    },
  )

  it('asks a sink that refuses everything about three events that it refused before, and about three others', async () => {
    const { sink, world } = worldOf({ maxEvents: 50, answer: () => failed(refused) })
    const sinks = knowing(sink)
    await world.append(...Array.from({ length: 100 }, (_, n) => [n + 1, n + 1] as const))
    for (let i = 0; i < 4; i++) {
      await world.drain({ sinks })
      time.advance(HOUR_MS)
    }
    const before = sink.requests.length
    await world.drain({ sinks })
    expect(sink.requests.slice(before)).toEqual([1, 2, 3, 13, 14, 15].map((n) => ids(n)))
  })

  it('goes on in order behind a probe that was taken, with the rest of its row first', async () => {
    const { sink, world } = worldOf({ answer: firstAnswers(failed(refused)), maxEvents: 50 })
    await world.append([1, 1])
    await world.drain()
    time.advance(HOUR_MS)
    await world.append([2, 20], [21, 22], [23, 24])
    await world.drain()
    const numbers = Array.from({ length: 24 }, (_, n) => n + 1)
    expect(sink.requests.slice(1)).toEqual([ids(1), ids(...numbers.slice(1, 16)), ids(...numbers.slice(16))])
  })

  it('asks a sink that refuses everything a bounded number of times a drain, and dead-letters nothing before the age limit', async () => {
    const { sink, world } = worldOf({ maxEvents: 50, answer: () => failed(refused) })
    const sinks = knowing(sink)
    await world.append([1, 200], [201, 400])
    for (let hour = 0; hour <= 72; hour += 6) {
      const before = sink.requests.length
      await world.drain({ sinks })
      expect(sink.requests.length - before).toBeLessThanOrEqual(32)
      expect(world.deadLetters).toEqual([])
      time.advance(6 * HOUR_MS)
    }
    await world.drain({ sinks })
    expect(world.deadLetters).toHaveLength(400)
    expect(new Set(world.deadLetters.map(({ fault }) => fault.code))).toEqual(new Set(['deliveryExpired']))
  })

  it('dead-letters all that is past the age limit, although the sink hangs for as long as it is let', async () => {
    const { world } = worldOf({
      answer: () => {
        time.advance(HANGS_MS)
        return failed(transientFault('timeout', 'no answer'))
      },
    })
    await world.append(...Array.from({ length: 20 }, (_, n) => [n, n] as const))
    time.advance(73 * HOUR_MS)
    for (let i = 0; i < 3; i++) {
      await world.drain()
      time.advance(HOUR_MS)
    }
    expect(world.deadLetters).toHaveLength(20)
    expect(await world.pending()).toEqual([])
  })

  it('waits by the attempts of the row at which it stopped, not of those behind it', async () => {
    time = virtualTime(undefined, () => 0.9)
    const { world } = worldOf({ answer: () => down })
    await world.append([1, 1], [2, 2])
    await world.drain()
    expect(world.wakeUpsSent.map(({ delayMs }) => delayMs)).toEqual([1800])
  })

  it('waits longer and longer, with jitter, up to the greatest wait', async () => {
    const { world } = worldOf({ answer: () => down })
    await world.append([1, 1])
    for (let i = 0; i < 12; i++) {
      await world.drain()
      time.advance(HOUR_MS)
    }
    const waits = world.wakeUpsSent.map((send) => send.delayMs)
    expect(waits.slice(0, 5)).toEqual([1000, 2000, 4000, 8000, 16_000])
    expect(waits.at(-1)).toBe(150_000)
  })

  it.each([
    [2_000, 2_000],
    [45_000, 45_000],
    [7 * 24 * HOUR_MS, 300_000],
  ])(
    'waits at least as long as the sink asked for, %i ms, and never longer than the greatest wait',
    async (asked, waited) => {
      const { world } = worldOf({ answer: () => throttled(asked) })
      await world.append([1, 1])
      await world.drain()
      expect(world.wakeUpsSent.map((send) => send.delayMs)).toEqual([waited])
    },
  )

  it('filters by the settings of today, since those of before may have been unreadable', async () => {
    const { sink, world } = worldOf()
    await world.append([1, 2], [3, 4])
    const accepts = ({ eventId }: { readonly eventId: string }) => eventId !== id(2)
    await world.drain({ sinks: new Map([[sink.name, { sink, accepts }]]) })
    expect(sink.taken).toEqual(ids(1, 3, 4))
    expect(world.receipts).toMatchObject([
      { tally: { delivered: 1, filtered: 1 }, outcomes: { filtered: '2' } },
      { tally: { delivered: 2, filtered: 0 } },
    ])
    expect(await world.pending()).toEqual([])
  })

  it('keeps what a sink did not take of rows, and nothing else, and probes it with the first of them', async () => {
    const busy = transientFault('throttled', 'busy')
    const partial: DeliveryOutcome = {
      status: 'partial',
      failed: new Map([2, 5, 8].map((n) => [eventIdAt(n), busy])),
    }
    const { sink, world } = worldOf({ answer: firstAnswers(partial) })
    await world.append([1, 3], [4, 5], [7, 8])
    await world.drain()
    expect(await world.pending()).toEqual(['2', '5', '8'])
    expect(world.deadLetters).toEqual([])
    time.advance(HOUR_MS)
    await world.drain()
    expect(sink.requests.slice(1)).toEqual([ids(2), ids(5, 8)])
  })

  it('dead-letters a refused record alone, by halving, with why, how often and since when', async () => {
    const bad = id(3)
    const { sink, world } = worldOf({
      answer: (batch) => (batch.includes(bad) ? failed(refused) : undefined),
    })
    await world.append([1, 4], [5, 6])
    const triedAt = time.now()
    time.advance(HOUR_MS)
    await world.drain()
    expect(sink.taken).toEqual(ids(1, 2, 4, 5, 6))
    expect(world.deadLetters).toMatchObject([
      {
        line: 3,
        sink: 'scripted',
        fault: { code: 'payloadRefused' },
        attempts: 2,
        firstTriedAt: triedAt,
        deadLetteredAt: time.now(),
      },
    ])
    expect(await world.pending()).toEqual([])
  })

  it('dead-letters nothing for a wrong secret, however often it is refused, until the age limit', async () => {
    const { world } = worldOf({ answer: () => unauthorized })
    await world.append([1, 100])
    for (let hours = 0; hours <= 66; hours += 6) {
      await world.drain()
      time.advance(6 * HOUR_MS)
    }
    expect(world.deadLetters).toEqual([])
    expect(await world.pending()).toEqual(['1-100'])
  })

  it('dead-letters what is older than the age limit, also behind a row that fails, and what is younger not', async () => {
    const { world } = worldOf({ answer: () => down, maxEvents: 2 })
    await world.append([1, 2], [3, 4])
    time.advance(48 * HOUR_MS)
    await world.append([5, 6])
    time.advance(24 * HOUR_MS + 1)
    await world.drain()
    expect(world.deadLetters.map((deadLetter) => [deadLetter.line, deadLetter.fault.code])).toEqual(
      [1, 2, 3, 4].map((line) => [line, 'deliveryExpired']),
    )
    expect(await world.pending()).toEqual(['5-6'])
    expect(world.receipts.reduce((sum, r) => sum + r.tally.deadLettered, 0)).toBe(4)
    expect(world.wakeUpsSent.map(({ delayMs }) => delayMs)).toEqual([1000])
  })

  it('dead-letters what is older than the age limit behind a row that was probed in vain, in the same drain', async () => {
    const { sink, world } = worldOf({ answer: () => down })
    await world.append([1, 1], [2, 2], [3, 3])
    await world.drain()
    time.advance(73 * HOUR_MS)
    await world.drain()
    expect(sink.requests).toEqual([ids(1, 2, 3), ids(1)])
    expect(world.deadLetters.map(({ line }) => line)).toEqual([1, 2, 3])
  })

  it('offers what is older than the age limit once more before it is dead-lettered', async () => {
    const { sink, world } = worldOf()
    await world.append([1, 2])
    time.advance(100 * HOUR_MS)
    await world.drain()
    expect(sink.taken).toEqual(ids(1, 2))
    expect(world.deadLetters).toEqual([])
  })

  it('dead-letters and delays nothing when only its time runs out, and goes on at once', async () => {
    const { sink, world } = worldOf({
      maxEvents: 2,
      answer: () => {
        time.advance(12_000)
        return undefined
      },
    })
    await world.append([1, 2], [3, 4], [5, 6])
    time.advance(100 * HOUR_MS)
    await world.drain()
    expect(sink.taken).toEqual(ids(1, 2, 3, 4))
    expect(world.deadLetters).toEqual([])
    expect(
      (await world.outbox.rows(world.outboxPartition, 10)).map((row) => [row.lines, row.attempts]),
    ).toEqual([['5-6', 1]])
    expect(world.wakeUpsSent.map((send) => send.delayMs)).toEqual([0])
    await world.drain()
    expect(sink.taken).toEqual(ids(1, 2, 3, 4, 5, 6))
  })

  it('delivers nothing twice when another drain runs at the same time', async () => {
    const { sink, world } = worldOf()
    await world.append([1, 5])
    await Promise.all([world.drain(), world.drain(), world.drain()])
    expect(sink.taken).toEqual(ids(1, 2, 3, 4, 5))
  })

  it('takes over from a drain that died, once its lease is over', async () => {
    const { sink, world } = worldOf()
    await world.append([1, 2])
    await world.outbox.acquire(world.outboxPartition, 35_000)
    await world.drain()
    expect(sink.taken).toEqual([])
    time.advance(35_000)
    await world.drain()
    expect(sink.taken).toEqual(ids(1, 2))
  })

  it('holds its partition 15 seconds longer than it may take, so that nobody takes it over while it settles', async () => {
    const { world } = worldOf({ answer: () => down })
    await world.append([1, 2])
    const askedMs: number[] = []
    await world.drain({
      budgetMs: 20_000,
      outbox: {
        ...world.outbox,
        acquire(outboxPartition, ms) {
          askedMs.push(ms)
          return world.outbox.acquire(outboxPartition, ms)
        },
      },
    })
    expect(askedMs).toEqual([35_000])
  })

  it('gives a partition back without a due time unless its sink failed: this clock may be ahead of the next', async () => {
    const { world } = worldOf({ answer: firstAnswers({ status: 'delivered' }, down) })
    const dueTimes: (number | undefined)[] = []
    const outbox: typeof world.outbox = {
      ...world.outbox,
      release(lease, dueAt) {
        dueTimes.push(dueAt)
        return world.outbox.release(lease, dueAt)
      },
    }
    await world.append([1, 2])
    await world.drain({ outbox })
    await world.append([3, 4])
    await world.drain({ outbox })
    expect(dueTimes).toEqual([undefined, time.now() + 1000])
  })

  it('keeps the pending deliveries of a sink that is switched off, and does not wake-up for them', async () => {
    const { world } = worldOf()
    await world.append([1, 2])
    await world.drain({ sinks: new Map() })
    expect(await world.pending()).toEqual(['1-2'])
    expect(world.wakeUpsSent).toEqual([])
  })

  it('sends a wake-up for what became pending while it was releasing its lease', async () => {
    const { world } = worldOf()
    await world.append([1, 2])
    await world.drain({
      outbox: {
        ...world.outbox,
        async release(lease, dueAt) {
          await world.append([3, 4])
          await world.outbox.release(lease, dueAt)
        },
      },
    })
    expect(await world.pending()).toEqual(['3-4'])
    expect(world.wakeUpsSent.map((send) => send.delayMs)).toEqual([0])
  })

  it('throws when the storage fails, after releasing its lease', async () => {
    const { world } = worldOf()
    await world.append([1, 2])
    const failing = () => Promise.reject(new DurabilityError('Settling the outbox', undefined))
    await expect(world.drain({ outbox: { ...world.outbox, remove: failing } })).rejects.toThrow(
      DurabilityError,
    )
    // Not sooner than the host tries again.
    time.advance(29_999)
    expect(await world.outbox.acquire(world.outboxPartition, 1000)).toBeUndefined()
    time.advance(1)
    expect(await world.outbox.acquire(world.outboxPartition, 1000)).toBeDefined()
  })

  it.each([
    [
      'no events on these lines',
      new InvariantError('the outbox points at archive lines that hold no events'),
    ],
    ['no blob', Object.assign(new Error(), { statusCode: 404, code: 'BlobNotFound' })],
    ['a torn blob', Object.assign(new Error(), { code: 'Z_BUF_ERROR' })],
  ])(
    'is not held up by a row whose pointer finds %s: it stays, with an alarm, and is not woken up for',
    async (_, error) => {
      const { sink, world } = worldOf()
      const alarms: string[] = []
      await world.append([1, 2], [3, 4], [5, 6])
      const { telemetry, readLines } = world.deps
      await world.drain({
        readLines: unreadLines(readLines, (line) => line === 3, error),
        telemetry: { ...telemetry, problem: (problem) => alarms.push(problem) },
      })
      expect(sink.taken).toEqual(ids(1, 2, 5, 6))
      expect(await world.pending()).toEqual(['3-4'])
      expect(alarms).toEqual(['rowUnreadable'])
      expect(world.wakeUpsSent).toEqual([])
    },
  )

  it('is not broken by a defect of ours in a sink: its rows wait and grow old like those of a sink that is down', async () => {
    const { sink, world } = worldOf()
    const alarms: string[] = []
    const state = { broken: true }
    const defective = {
      ...sink,
      deliver: (...args: Parameters<typeof sink.deliver>) =>
        state.broken ? Promise.reject(new TypeError('a bug')) : sink.deliver(...args),
    }
    const drain = () =>
      world.drain({
        sinks: new Map([[sink.name, { sink: defective, accepts: () => true }]]),
        telemetry: { ...world.deps.telemetry, problem: (problem) => alarms.push(problem) },
      })
    await world.append([1, 2])
    time.advance(48 * HOUR_MS)
    await world.append([3, 4])
    await drain()
    expect(await world.pending()).toEqual(['1-2', '3-4'])
    expect(world.wakeUpsSent).toHaveLength(1)
    expect(alarms).toEqual(['sinkDefect'])
    time.advance(25 * HOUR_MS)
    await drain()
    expect(world.deadLetters.map((deadLetter) => [deadLetter.line, deadLetter.fault.code])).toEqual([
      [1, 'deliveryExpired'],
      [2, 'deliveryExpired'],
    ])
    state.broken = false
    time.advance(HOUR_MS)
    await drain()
    expect(sink.taken).toEqual(ids(3, 4))
  })

  it('dead-letters alone what a sink has no form for because of a defect of ours, and delivers what is behind it', async () => {
    const { sink, world } = worldOf()
    const defective: typeof sink = {
      ...sink,
      encode(archived) {
        if (archived.line === 2 || archived.line === 4) throw new TypeError('a bug')
        return sink.encode(archived)
      },
    }
    const alarms: string[] = []
    await world.append([1, 3], [4, 5])
    await world.drain({
      sinks: new Map([[sink.name, { sink: defective, accepts: () => true }]]),
      telemetry: { ...world.deps.telemetry, problem: (problem) => alarms.push(problem) },
    })
    expect(sink.taken).toEqual(ids(1, 3, 5))
    // Once, however many events meet it.
    expect(alarms).toEqual(['sinkDefect'])
    expect(await world.pending()).toEqual([])
    expect(world.deadLetters.map(({ line, fault }) => [line, fault.code, fault.scope])).toEqual([
      [2, 'internalFault', 'record'],
      [4, 'internalFault', 'record'],
    ])
  })

  it('waits for an archive that does not answer: its rows are no different from others', async () => {
    const { world } = worldOf()
    await world.append([1, 2])
    const busy = Object.assign(new Error(), { statusCode: 503, code: 'ServerBusy' })
    const readLines = unreadLines(world.deps.readLines, () => true, busy)
    await expect(world.drain({ readLines })).rejects.toBe(busy)
    expect(await world.pending()).toEqual(['1-2'])
  })

  it.each([
    [10_000, 50_000],
    [59_500, 1000],
  ])(
    'of a process %i ms old comes back as soon as it can believe that what fails is past the age limit, in %i ms',
    async (upMs, waitMs) => {
      const { world } = worldOf({ answer: () => throttled(HOUR_MS) })
      await world.append([1, 2])
      time.advance(73 * HOUR_MS)
      const ageLimit = new AgeLimit(72 * HOUR_MS, time)
      time.advance(upMs)
      await world.drain({ ageLimit })
      expect(world.wakeUpsSent.map(({ delayMs }) => delayMs)).toEqual([waitMs])
      expect(world.deadLetters).toEqual([])
      time.advance(waitMs)
      await world.drain({ ageLimit })
      expect(world.deadLetters).toHaveLength(2)
    },
  )

  it('tells what became of all that was pending, and what the sink took', async () => {
    const bad = new Set(ids(3))
    const { world } = worldOf({
      maxEvents: 2,
      answer: (some, request) => {
        time.advance(100)
        if (request > 6) return down
        return some.some((one) => bad.has(one)) ? failed(refused) : undefined
      },
    })
    await world.append([1, 2], [3, 4], [5, 8], [9, 10], [11, 13])
    const told: unknown[] = []
    const taken: unknown[] = []
    await world.drain({
      telemetry: {
        ...world.deps.telemetry,
        partitionDrained: (drained) => told.push(drained),
        delivered: (sink, events, nowMs) => taken.push([sink, events.length, nowMs]),
      },
    })
    expect(told).toEqual([
      {
        sink: 'scripted',
        partition: '0',
        delivered: 7,
        deadLettered: 1,
        stillPending: 5,
        attempts: 7,
        stoppedBy: 'unavailable',
        tookMs: 700,
      },
    ])
    expect(taken).toEqual([['scripted', 7, time.now()]])
  })

  it('does nothing in a partition that has nothing pending', async () => {
    const { sink, world } = worldOf()
    await world.drain()
    expect([sink.requests, world.wakeUpsSent, world.receipts]).toEqual([[], [], []])
  })
})
