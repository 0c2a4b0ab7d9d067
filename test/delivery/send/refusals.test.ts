import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { prepare } from '../../../shared/delivery/prepare.ts'
import { Refusals } from '../../../shared/delivery/send/refusals.ts'
import { settle } from '../../../shared/delivery/settle.ts'
import { type DeliveryOutcome, failed, type Sink } from '../../../shared/delivery/sink.ts'
import type { ArchivedEvent } from '../../../shared/domain/exported-event.ts'
import { recordFault, transientFault } from '../../../shared/domain/fault.ts'
import type { EventId } from '../../../shared/domain/identifiers.ts'
import { archivedEventsAt } from '../../support/archived-event-at.ts'
import { scriptedSink } from '../../support/scripted-sink.ts'
import { virtualTime } from '../../support/virtual-time.ts'

const REFUSED = recordFault('payloadRefused', 'The receiver answered 400.', { status: 400 })

/** A sink that takes any request without an event of these, and a process that delivers to it. */
function process(options: { readonly bad?: readonly number[]; readonly maxEvents?: number } = {}) {
  const bad = new Set<string>(idsOf(options.bad ?? []))
  let healthy = true
  const scripted = scriptedSink({
    maxEvents: options.maxEvents ?? 500,
    answer: (ids) => (!healthy || ids.some((id) => bad.has(id)) ? failed(REFUSED) : undefined),
  })
  const sink: Sink = { ...(scripted as unknown as Sink), refusals: new Refusals() }
  return {
    sink: scripted,
    refuseAll: () => {
      healthy = false
    },
    heal: () => {
      healthy = true
    },
    deliver: (events: readonly ArchivedEvent[]) => run(sink, events),
  }
}

function run(sink: Sink, events: readonly ArchivedEvent[]) {
  const time = virtualTime()
  const retry = {
    deadlineMs: time.now() + 1000,
    maxAttempts: 3,
    backoff: { baseMs: 100, maxMs: 400 },
  }
  return settle(sink, prepare(sink, events), retry, time)
}

const event = (n: number): ArchivedEvent => archivedEventsAt(n, n)[0] as ArchivedEvent
const idsOf = (numbers: readonly number[]): readonly EventId[] => numbers.map((n) => event(n).event.eventId)
const archivedOf = (refused: readonly { readonly archived: ArchivedEvent }[]) =>
  refused.map(({ archived }) => archived)

describe('a sink that refuses everything', () => {
  it('dead-letters none of 200 events, has pending all in their order, and is asked few times', async () => {
    const { deliver, sink, refuseAll } = process()
    refuseAll()
    const events = archivedEventsAt(1, 200)
    const outcomes = await deliver(events)
    expect(outcomes.deadLettered).toEqual([])
    expect(archivedOf(outcomes.pending)).toEqual(events)
    expect(outcomes.stoppedBy).toMatchObject({ code: 'allRefused', scope: 'sink', status: 400 })
    expect(outcomes.refusedAlone).toBe(3)
    expect(sink.requests.length).toBeLessThanOrEqual(12)
  })

  it('says what it answered, and whose fault that is', async () => {
    const { deliver, refuseAll } = process()
    refuseAll()
    const { pending } = await deliver(archivedEventsAt(1, 5))
    expect(pending).toHaveLength(5)
    for (const { fault } of pending)
      expect(fault.message).toMatch(/^The receiver answered 400\. .*not against/)
  })

  it.each([1, 2, 3, 4, 50])(
    'dead-letters none of %i events that come one at a time, after a day of taking all',
    async (count) => {
      const { deliver, refuseAll } = process()
      await deliver(archivedEventsAt(1, 100))
      refuseAll()
      for (const late of archivedEventsAt(101, 100 + count)) {
        const outcomes = await deliver([late])
        expect(outcomes.deadLettered).toEqual([])
        expect(archivedOf(outcomes.pending)).toEqual([late])
      }
    },
  )

  it('dead-letters none however often they are tried again', async () => {
    const { deliver, refuseAll } = process()
    refuseAll()
    for (let tries = 0; tries < 20; tries++) {
      const outcomes = await deliver(archivedEventsAt(1, 30))
      expect(outcomes.deadLettered).toEqual([])
      expect(outcomes.pending).toHaveLength(30)
    }
  })

  it('that begins to in the middle of a run, as after a rotation, dead-letters none of what follows', async () => {
    const { deliver } = process({ bad: Array.from({ length: 20 }, (_, n) => 21 + n), maxEvents: 10 })
    const events = archivedEventsAt(1, 40)
    const outcomes = await deliver(events)
    expect(outcomes.delivered).toEqual(events.slice(0, 20))
    expect(outcomes.deadLettered).toEqual([])
    expect(archivedOf(outcomes.pending)).toEqual(events.slice(20))
  })

  it('is told by three in a row, also where it names each of them', async () => {
    const { sink } = process()
    const events = archivedEventsAt(1, 9)
    const naming: Sink = {
      ...(sink as unknown as Sink),
      // A collector that names the first event of every request.
      deliver: async (batch): Promise<DeliveryOutcome> => ({
        status: 'partial',
        failed: new Map(
          batch.map(({ eventId }, n) => [
            eventId,
            n === 0 ? REFUSED : transientFault('unavailable', 'later'),
          ]),
        ),
      }),
    }
    const outcomes = await run(naming, events)
    expect(outcomes.deadLettered).toEqual([])
    expect(archivedOf(outcomes.pending)).toEqual(events)
    expect(outcomes.attempts).toBe(3)
  })
})

describe('one bad record among good ones', () => {
  it.each([
    [1, 10],
    [5, 10],
    [10, 10],
    [1, 2],
    [2, 2],
    [200, 200],
    // The last request holds nothing but this one.
    [21, 21],
    [11, 11],
  ])('is dead-lettered alone: number %i of %i', async (bad, count) => {
    const { deliver } = process({ bad: [bad], maxEvents: 10 })
    const events = archivedEventsAt(1, count)
    const outcomes = await deliver(events)
    expect(archivedOf(outcomes.deadLettered)).toEqual([events[bad - 1]])
    expect(outcomes.deadLettered[0]?.fault).toEqual(REFUSED)
    expect(outcomes.delivered).toEqual(events.filter(({ line }) => line !== bad))
    expect(outcomes.pending).toEqual([])
    expect(outcomes.stoppedBy).toBeUndefined()
  })

  it('that comes alone in a quiet hour is pending: nobody can tell yet', async () => {
    const { deliver } = process({ bad: [7] })
    await deliver(archivedEventsAt(1, 6))
    for (let tries = 0; tries < 5; tries++) {
      const outcomes = await deliver([event(7)])
      expect(outcomes.deadLettered).toEqual([])
      expect(archivedOf(outcomes.pending)).toEqual([event(7)])
      expect(outcomes.stoppedBy).toMatchObject({ code: 'allRefused', scope: 'sink' })
    }
  })

  it('is dead-lettered when it is refused again after the sink has taken another, on whatever partition', async () => {
    const { deliver } = process({ bad: [7] })
    await deliver([event(7)])
    await deliver([event(8)])
    expect(archivedOf((await deliver([event(7)])).deadLettered)).toEqual([event(7)])
  })

  it('is delivered when it is taken after all', async () => {
    const { sink } = process()
    let asked = 0
    const wavering: Sink = {
      ...(sink as unknown as Sink),
      refusals: new Refusals(),
      deliver: async (): Promise<DeliveryOutcome> =>
        asked++ === 0 ? failed(REFUSED) : { status: 'delivered' },
    }
    expect((await run(wavering, [event(1)])).pending).toHaveLength(1)
    expect((await run(wavering, [event(2)])).delivered).toEqual([event(2)])
    expect((await run(wavering, [event(1)])).delivered).toEqual([event(1)])
  })
})

describe('bad records among good ones', () => {
  it('are dead-lettered in one run, however many, where the sink takes others between them', async () => {
    const bad = Array.from({ length: 10 }, (_, n) => 2 * n + 1)
    const { deliver } = process({ bad, maxEvents: 1 })
    const outcomes = await deliver(archivedEventsAt(1, 20))
    expect(archivedOf(outcomes.deadLettered).map(({ line }) => line)).toEqual(bad)
    expect(outcomes.pending).toEqual([])
  })

  it('of several places in a row are not held against the sink before they are too many at one of them', async () => {
    const bad = new Set<string>(idsOf([1, 2, 3]))
    const tables: Sink = {
      ...(scriptedSink({ maxEvents: 1 }) as unknown as Sink),
      refusals: new Refusals(),
      encode: ({ event: { eventId }, line }) => ({ eventId, route: line % 2 === 0 ? 'even' : 'odd' }),
      deliver: async ([one]): Promise<DeliveryOutcome> =>
        bad.has(one?.eventId ?? '') ? failed(REFUSED) : { status: 'delivered' },
    }
    const outcomes = await run(tables, archivedEventsAt(1, 5))
    expect(archivedOf(outcomes.deadLettered).map(({ line }) => line)).toEqual([2, 1, 3])
    expect(outcomes.delivered.map(({ line }) => line)).toEqual([4, 5])
  })

  it('count as refused for the first time, should they come again', () => {
    const refusals = new Refusals()
    const one = { eventId: 'a' }
    expect([refusals.noteRefused(one), refusals.noteRefused(one)]).toEqual([true, false])
    refusals.forget(one)
    expect(refusals.noteRefused(one)).toBe(true)
  })
})

describe('places of one sink', () => {
  it('are judged apart: what another table takes proves nothing of this one', async () => {
    const tables: Sink = {
      ...(scriptedSink({ maxEvents: 100 }) as unknown as Sink),
      refusals: new Refusals(),
      encode: (archived) => ({
        eventId: archived.event.eventId,
        route: archived.line % 2 === 0 ? 'identities' : 'detections',
      }),
      deliver: async (batch): Promise<DeliveryOutcome> => ({
        status: 'partial',
        failed: new Map(
          batch.filter(({ route }) => route === 'detections').map(({ eventId }) => [eventId, REFUSED]),
        ),
      }),
    }
    for (let tries = 0; tries < 3; tries++) {
      const outcomes = await run(tables, archivedEventsAt(1, 40))
      expect(outcomes.deadLettered).toEqual([])
      expect(outcomes.stoppedBy).toMatchObject({ code: 'allRefused', scope: 'sink' })
      expect(outcomes.pending.every(({ archived }) => archived.line % 2 === 1)).toBe(true)
    }
  })
})

describe('whatever is bad', () => {
  it('ends dead-lettered and holds up nothing for long, and nothing else is dead-lettered, while the sink takes what is good', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.boolean(), { maxLength: 40 }),
        fc.integer({ min: 1, max: 12 }),
        async (flags, maxEvents) => {
          const count = flags.length + 1
          // The last one is good: where nothing good comes after them, nobody can tell.
          const bad = flags.flatMap((isBad, n) => (isBad ? [n + 1] : []))
          const { deliver, sink } = process({ bad, maxEvents })
          let waiting: readonly ArchivedEvent[] = archivedEventsAt(1, count)
          const deadLettered: ArchivedEvent[] = []
          const delivered: ArchivedEvent[] = []
          for (let runs = 0; waiting.length > 0; runs++) {
            const outcomes = await deliver(waiting)
            expect(outcomes.delivered.length + outcomes.deadLettered.length + outcomes.pending.length).toBe(
              waiting.length,
            )
            deadLettered.push(...archivedOf(outcomes.deadLettered))
            delivered.push(...outcomes.delivered)
            waiting = archivedOf(outcomes.pending)
            expect(runs).toBeLessThanOrEqual(Math.ceil(bad.length / 3))
          }
          expect(deadLettered.map(({ line }) => line).sort((a, b) => a - b)).toEqual(bad)
          expect(
            delivered.map(({ line }) => line),
            'in the order of the stream',
          ).toEqual(
            archivedEventsAt(1, count)
              .map(({ line }) => line)
              .filter((line) => !bad.includes(line)),
          )
          expect(sink.taken).toEqual(delivered.map((e) => e.event.eventId))
        },
      ),
      { numRuns: 300, examples: [[Array<boolean>(6).fill(true), 1]] },
    )
  })

  it('is all that is ever dead-lettered, also when the sink refuses everything for a while in between', async () => {
    const partition = fc.array(fc.boolean(), { minLength: 1, maxLength: 12 })
    const turns = fc.array(fc.nat(3), { minLength: 3, maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(
        fc.array(partition, { minLength: 1, maxLength: 4 }),
        fc.tuple(turns, turns, turns),
        async (partitions, spells) => {
          const placedAt = partitions.map((flags, p) => flags.map((_, n) => 100 * p + n))
          const bad = partitions.flatMap((flags, p) =>
            flags.flatMap((isBad, n) => (isBad ? [100 * p + n] : [])),
          )
          const { deliver, refuseAll, heal } = process({ bad, maxEvents: 5 })
          const waiting = placedAt.map((numbers) => numbers.map(event))
          for (const [spell, order] of spells.entries()) {
            if (spell === 1) refuseAll()
            else heal()
            for (const turn of order) {
              const at = turn % partitions.length
              const outcomes = await deliver(waiting[at] ?? [])
              for (const { archived } of outcomes.deadLettered) expect(bad).toContain(archived.line)
              waiting[at] = [...archivedOf(outcomes.pending)]
            }
          }
        },
      ),
      { numRuns: 200 },
    )
  })

  it('is forgotten in the end: a process does not grow with what it was refused', () => {
    const refusals = new Refusals()
    for (let n = 0; n < 25_000; n++) refusals.noteRefused({ eventId: `event-${n}` })
    expect(refusals.noteRefused({ eventId: 'event-24999' })).toBe(false)
    expect(refusals.noteRefused({ eventId: 'event-0' })).toBe(true)
  })
})
