import { describe, expect, it } from 'vitest'
import { prepare } from '../../../shared/delivery/prepare.ts'
import { attempt, OUT_OF_TIME } from '../../../shared/delivery/send/attempt.ts'
import { type DeliveryOutcome, failed } from '../../../shared/delivery/sink.ts'
import { recordFault, sinkFault, transientFault } from '../../../shared/domain/fault.ts'
import type { EventId } from '../../../shared/domain/identifiers.ts'
import { archivedEventsAt } from '../../support/archived-event-at.ts'
import { scriptedSink } from '../../support/scripted-sink.ts'
import { virtualTime } from '../../support/virtual-time.ts'

const DOWN = failed(transientFault('unavailable', 'down', { status: 503 }))
const throttled = (retryAfterMs: number) => failed(transientFault('throttled', 'busy', { retryAfterMs }))

interface Script {
  /** What the sink answers, one by one, and takes what comes after. */
  readonly answers?: readonly DeliveryOutcome[]
  readonly answerTakesMs?: number
  readonly leftMs?: number
  readonly maxAttempts?: number
}

/** Three events for a sink, with waits of 50, 100, 200 … ms, and what was waited and granted. */
async function run({ answers = [], answerTakesMs = 0, leftMs = 1000, maxAttempts = 3 }: Script) {
  const clock = virtualTime()
  const sleeps: number[] = []
  const timeouts: number[] = []
  let running = 0
  const time = {
    ...clock,
    async sleep(ms: number) {
      sleeps.push(ms)
      clock.advance(ms)
    },
    limit(ms: number) {
      timeouts.push(ms)
      running += 1
      return {
        ...clock.limit(ms),
        end: () => {
          running -= 1
        },
      }
    },
  }
  const sink = scriptedSink({
    answer: (_, request) => {
      clock.advance(answerTakesMs)
      return answers[request - 1]
    },
  })
  const items = prepare(sink, archivedEventsAt(1, 3)).deliveries.flat() as never
  const retry = { deadlineMs: clock.now() + leftMs, maxAttempts, backoff: { baseMs: 100, maxMs: 400 } }
  return { ...(await attempt(sink, items, retry, time)), sink, sleeps, timeouts, running }
}

describe('one delivery is tried', () => {
  it('once, where the sink takes it', async () => {
    const { outcome, attempts, sleeps, sink } = await run({})
    expect([outcome.status, attempts, sleeps]).toEqual(['delivered', 1, []])
    expect(sink.requests[0]).toHaveLength(3)
  })

  it('with a timer for each attempt that ends with it', async () => {
    const { timeouts, running } = await run({ answers: [DOWN, DOWN] })
    expect([timeouts.length, running]).toEqual([3, 0])
  })

  it('again after each transient fault, with longer and longer waits, as often as allowed', async () => {
    const { outcome, attempts, sleeps } = await run({ answers: [DOWN, DOWN, DOWN, DOWN] })
    expect(outcome).toMatchObject(DOWN)
    expect([attempts, sleeps]).toEqual([3, [50, 100]])
  })

  it.each([
    ['the sink will not have us', failed(sinkFault('unauthorized', 'who are you'))],
    ['the sink will not have the events', failed(recordFault('payloadRefused', 'no'))],
    ['some arrived', { status: 'partial', failed: new Map() } as const],
  ])('no more once %s', async (_, answer) => {
    const { outcome, attempts } = await run({ answers: [answer] })
    expect([outcome.status, attempts]).toEqual([answer.status, 1])
  })

  it('no earlier than the sink asked for', async () => {
    expect((await run({ answers: [throttled(700)] })).sleeps).toEqual([700])
    expect((await run({ answers: [throttled(7)] })).sleeps).toEqual([50])
  })

  it('no more where the wait would end with the time: it is handed back at once', async () => {
    const early = await run({ answers: [throttled(999)] })
    expect([early.attempts, early.sleeps]).toEqual([2, [999]])
    const late = await run({ answers: [throttled(1000)] })
    expect([late.attempts, late.sleeps]).toEqual([1, []])
    expect(late.outcome).toMatchObject({ status: 'failed', fault: { code: 'throttled' } })
  })

  it('each time no longer than there is time', async () => {
    const { timeouts } = await run({ answers: [DOWN, DOWN], answerTakesMs: 200 })
    expect(timeouts).toEqual([1000, 750, 450])
  })

  it('not at all where there is no time', async () => {
    for (const leftMs of [0, -1]) {
      const { outcome, attempts, sink, requests } = await run({ leftMs })
      expect([outcome, attempts, requests]).toEqual([failed(OUT_OF_TIME), 0, []])
      expect(outcome).toMatchObject({ fault: { code: 'timeout', scope: 'transient' } })
      expect(sink.requests).toEqual([])
    }
  })
})

describe('what was sent is reported', () => {
  it('of every attempt, with what came of it', async () => {
    const { requests } = await run({ answers: [DOWN, throttled(10)] })
    expect(requests).toEqual([
      { id: 'scripted-request-1', status: 503, fault: 'unavailable' },
      { id: 'scripted-request-2', fault: 'throttled' },
      { id: 'scripted-request-3', status: 204 },
    ])
  })

  it('of an attempt that says of no request: nothing', async () => {
    const sink = { ...scriptedSink(), deliver: async () => DOWN }
    const time = virtualTime()
    const retry = { deadlineMs: time.now() + 1000, maxAttempts: 2, backoff: { baseMs: 1, maxMs: 1 } }
    const { attempts, requests } = await attempt(sink, [], retry, time)
    expect([attempts, requests]).toEqual([2, []])
  })

  it('of each request of a partial delivery: its own fault, if any', async () => {
    const [first, second, third] = archivedEventsAt(1, 3).map((e) => e.event.eventId)
    const answer: DeliveryOutcome = {
      status: 'partial',
      failed: new Map([
        [third as EventId, recordFault('payloadRefused', 'no')],
        [second as EventId, sinkFault('unauthorized', 'who are you')],
      ]),
      requests: [
        { id: 'a', eventIds: [first as EventId] },
        { id: 'b', eventIds: [second as EventId, third as EventId] },
        { id: 'all' },
      ],
    }
    expect((await run({ answers: [answer] })).requests.map(({ id, fault }) => [id, fault])).toEqual([
      ['a', undefined],
      ['b', 'payloadRefused'],
      ['all', 'payloadRefused'],
    ])
  })
})
