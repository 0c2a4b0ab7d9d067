import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { prepare } from '../../shared/delivery/prepare.ts'
import { settle } from '../../shared/delivery/settle.ts'
import { failed } from '../../shared/delivery/sink.ts'
import { recordFault, sinkFault, transientFault } from '../../shared/domain/fault.ts'
import type { EventId } from '../../shared/domain/identifiers.ts'
import { archivedEventsAt } from '../support/archived-event-at.ts'
import { type ScriptedSinkOptions, scriptedSink } from '../support/scripted-sink.ts'
import { virtualTime } from '../support/virtual-time.ts'

const TRANSIENT = transientFault('unavailable', 'down')
const REFUSED = recordFault('payloadRefused', 'no')
const WRONG_SECRET = sinkFault('unauthorized', 'who are you')

async function run(count: number, options: ScriptedSinkOptions, deliveryTimeoutMs = 1000) {
  const sink = scriptedSink(options)
  const time = virtualTime()
  const events = archivedEventsAt(1, count)
  const outcomes = await settle(
    sink,
    prepare(sink, events),
    { deadlineMs: time.now() + deliveryTimeoutMs, maxAttempts: 3, backoff: { baseMs: 100, maxMs: 400 } },
    time,
  )
  return { sink, events, outcomes, tookMs: time.now() - virtualTime().now() }
}

describe('settling what was prepared', () => {
  it('delivers everything to a healthy sink in as few requests as its limits allow', async () => {
    const { sink, events, outcomes } = await run(25, { maxEvents: 10 })
    expect(outcomes.delivered).toEqual(events)
    expect(sink.requests).toHaveLength(3)
  })

  it('tries again after a transient fault', async () => {
    const { outcomes } = await run(5, {
      answer: (_, request) => (request === 1 ? failed(TRANSIENT) : undefined),
    })
    expect(outcomes.delivered).toHaveLength(5)
    expect(outcomes.attempts).toBe(2)
  })

  it('has pending what follows a failed delivery, so that nothing overtakes', async () => {
    const { sink, events, outcomes } = await run(30, {
      maxEvents: 10,
      answer: (ids) =>
        ids.includes(archivedEventsAt(11, 11)[0]?.event.eventId ?? '') ? failed(WRONG_SECRET) : undefined,
    })
    expect(outcomes.delivered).toEqual(events.slice(0, 10))
    expect(outcomes.pending.map((o) => o.archived)).toEqual(events.slice(10))
    expect(sink.requests).toHaveLength(2)
    expect(outcomes.stoppedBy).toEqual(WRONG_SECRET)
  })

  it('dead-letters nothing for a fault of the sink', async () => {
    const { outcomes } = await run(40, { answer: () => failed(WRONG_SECRET) })
    expect(outcomes.deadLettered).toEqual([])
    expect(outcomes.pending).toHaveLength(40)
  })

  it('halves a refused delivery until the bad record stands alone, and dead-letters that one only', async () => {
    const bad = archivedEventsAt(7, 7)[0]?.event.eventId ?? ''
    const { sink, events, outcomes } = await run(16, {
      maxEvents: 16,
      answer: (ids) => (ids.includes(bad) ? failed(REFUSED) : undefined),
    })
    expect(outcomes.deadLettered.map((b) => b.archived)).toEqual([events[6]])
    expect(outcomes.delivered).toEqual(events.filter((e) => e.event.eventId !== bad))
    expect(sink.requests.length).toBeLessThanOrEqual(9)
  })

  it('dead-letters what a partial answer names as bad and has pending what it names as not now', async () => {
    const [first, second, third] = archivedEventsAt(1, 3).map((e) => e.event.eventId)
    const { outcomes, events } = await run(3, {
      answer: () => ({
        status: 'partial',
        failed: new Map([
          [first as EventId, REFUSED],
          [third as EventId, TRANSIENT],
        ]),
      }),
    })
    expect(outcomes.deadLettered.map((b) => b.archived)).toEqual([events[0]])
    expect(outcomes.delivered.map((d) => d.event.eventId)).toEqual([second])
    expect(outcomes.pending.map((o) => o.archived)).toEqual([events[2]])
  })

  it('believes a sink that judged each event by itself: none is sent again to find the bad ones', async () => {
    const ids = archivedEventsAt(1, 9).map((e) => e.event.eventId)
    const bad = ids.filter((_, index) => index % 2 === 0)
    const { sink, events, outcomes } = await run(9, {
      answer: () => ({
        status: 'partial',
        isPerEvent: true,
        failed: new Map(bad.map((id) => [id, REFUSED])),
      }),
    })
    expect(sink.requests).toHaveLength(1)
    expect(outcomes.deadLettered.map((b) => b.archived)).toEqual(events.filter((_, index) => index % 2 === 0))
    expect(outcomes.delivered).toEqual(events.filter((_, index) => index % 2 === 1))
  })

  it('believes no sink that refuses each event and accepts none', async () => {
    const { sink, outcomes } = await run(9, {
      answer: (ids) => ({
        status: 'partial',
        isPerEvent: true,
        failed: new Map(ids.map((id) => [id as EventId, REFUSED])),
      }),
    })
    expect(sink.requests).toHaveLength(1)
    expect(outcomes.deadLettered).toEqual([])
    expect(outcomes.pending).toHaveLength(9)
    expect(outcomes.stoppedBy).toMatchObject({ code: 'allRefused', scope: 'sink' })
  })

  it('neither holds back nor repeats the neighbours of a refused event, whatever each is answered', async () => {
    const answers = fc.array(fc.constantFrom('stored', 'conflict', 'busy', 'bad'), {
      minLength: 1,
      maxLength: 40,
    })
    await fc.assert(
      fc.asyncProperty(answers, fc.integer({ min: 1, max: 10 }), async (script, maxEvents) => {
        const fates = new Map(
          archivedEventsAt(1, script.length).map((e, index) => [e.event.eventId, script[index]] as const),
        )
        const { sink, outcomes } = await run(script.length, {
          maxEvents,
          answer: (ids) => {
            const faults = (ids as EventId[]).flatMap((id) => {
              const fate = fates.get(id)
              if (fate === 'bad') return [[id, REFUSED] as const]
              return fate === 'busy' ? [[id, TRANSIENT] as const] : []
            })
            return { status: 'partial', isPerEvent: true, failed: new Map(faults) }
          },
        })
        const asked = sink.requests.flat()
        expect(new Set(asked).size, 'nothing is sent twice').toBe(asked.length)
        const askedOf = (...wanted: readonly string[]) =>
          asked.filter((id) => wanted.includes(fates.get(id as EventId) ?? '')).toSorted()
        const delivered = outcomes.delivered.map((e) => e.event.eventId)
        expect(delivered.toSorted(), 'all that was taken').toEqual(askedOf('stored', 'conflict'))
        const dead = outcomes.deadLettered.map(({ archived }) => archived.event.eventId)
        expect(dead.every((id) => fates.get(id) === 'bad')).toBe(true)
        // In one request, what is taken proves the refusals; without it nothing is proven.
        const isProven = delivered.length > 0 && maxEvents >= script.length
        const proven = isProven ? askedOf('bad') : delivered.length > 0 ? dead.toSorted() : []
        expect(dead.toSorted()).toEqual(proven)
      }),
    )
  })

  it('does not wait for a Retry-After that lies beyond its delivery timeout', async () => {
    const { outcomes, tookMs } = await run(5, {
      answer: () => failed({ ...TRANSIENT, retryAfterMs: 30_000 }),
    })
    expect(outcomes.pending).toHaveLength(5)
    expect(tookMs).toBeLessThan(1000)
  })

  it('keeps what every request was, what it was to bring and what came of it', async () => {
    const { outcomes, events } = await run(15, {
      maxEvents: 10,
      answer: (_, request) => (request === 1 ? failed({ ...TRANSIENT, status: 503 }) : undefined),
    })
    expect(outcomes.requests).toEqual([
      { id: 'scripted-request-1', status: 503, fault: 'unavailable', events: events.slice(0, 10) },
      { id: 'scripted-request-2', status: 204, events: events.slice(0, 10) },
      { id: 'scripted-request-3', status: 204, events: events.slice(10) },
    ])
  })

  it('says of a request that brought only some of its events why, and of one beside it nothing', async () => {
    const [first, second] = archivedEventsAt(1, 2).map((e) => e.event.eventId)
    const { outcomes } = await run(2, {
      answer: (_, request) =>
        request > 1
          ? undefined
          : {
              status: 'partial',
              failed: new Map([[second as EventId, WRONG_SECRET]]),
              requests: [
                { id: 'a', status: 204, eventIds: [first as EventId] },
                { id: 'b', status: 403, eventIds: [second as EventId] },
              ],
            },
    })
    expect(outcomes.requests.map(({ id, fault }) => [id, fault])).toEqual([
      ['a', undefined],
      ['b', 'unauthorized'],
    ])
  })

  it('tells the events of one request from those of another of the same delivery', async () => {
    const [first, second] = archivedEventsAt(1, 2)
    const { outcomes } = await run(2, {
      answer: () => ({
        status: 'delivered',
        requests: [
          { id: 'a', status: 204, eventIds: [first?.event.eventId as EventId] },
          { id: 'b', status: 204, eventIds: [second?.event.eventId as EventId] },
        ],
      }),
    })
    expect(outcomes.requests.map(({ id, events }) => [id, events])).toEqual([
      ['a', [first]],
      ['b', [second]],
    ])
  })

  it('gives every event exactly one outcome, whatever the sink answers', async () => {
    const answer = fc.constantFrom('take', 'transient', 'sink', 'record', 'partial')
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 40 }),
        fc.array(answer, { maxLength: 40 }),
        async (count, script) => {
          const { outcomes, events, sink } = await run(count, {
            maxEvents: 7,
            answer: (ids, request) => {
              switch (script[request - 1]) {
                case 'transient':
                  return failed(TRANSIENT)
                case 'sink':
                  return failed(WRONG_SECRET)
                case 'record':
                  return failed(REFUSED)
                case 'partial':
                  return {
                    status: 'partial',
                    failed: new Map(ids.map((id, i) => [id as EventId, i % 2 === 0 ? REFUSED : TRANSIENT])),
                  }
                default:
                  return undefined
              }
            },
          })
          const ended = [
            ...outcomes.delivered,
            ...outcomes.pending.map((o) => o.archived),
            ...outcomes.deadLettered.map((b) => b.archived),
          ]
          expect(ended.map((e) => e.line).sort((a, b) => a - b)).toEqual(events.map((e) => e.line))
          expect(sink.taken).toEqual(outcomes.delivered.map((d) => d.event.eventId))
        },
      ),
      { numRuns: 200 },
    )
  })
})
