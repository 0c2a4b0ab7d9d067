import { beforeEach, describe, expect, it } from 'vitest'
import { durable } from '../../../local/checks/chaos/model/durable.ts'
import type { DeadLetter } from '../../../shared/delivery/dead-letters/dead-letter.ts'
import { advance, type SettledRanges } from '../../../shared/delivery/dedup/settled-range.ts'
import { type Outbox, outboxPartitionOf, pendingRows } from '../../../shared/delivery/outbox/outbox.ts'
import { failed } from '../../../shared/delivery/sink.ts'
import type { SinkPipeline } from '../../../shared/delivery/sink-pipeline.ts'
import type { ArchivedEvent } from '../../../shared/domain/exported-event.ts'
import { recordFault, sinkFault, transientFault } from '../../../shared/domain/fault.ts'
import { instant } from '../../../shared/domain/identifiers.ts'
import { InvariantError } from '../../../shared/domain/invariant-error.ts'
import { archivedEventAt, archivedEventsAt, eventIdAt } from '../../support/archived-event-at.ts'
import { type ScriptedSinkOptions, scriptedSink } from '../../support/scripted-sink.ts'
import {
  freshPipeline,
  prepareEvents,
  settleDeps,
  settleEvents,
  settlePrepared,
} from '../../support/settle-events.ts'
import { type VirtualTime, virtualTime } from '../../support/virtual-time.ts'

const DOWN = transientFault('unavailable', 'down')
const LOCKED = failed(sinkFault('unauthorized', 'who are you'))
const TOO_LARGE = recordFault('tooLarge', 'too large')
const id: (n: number) => string = eventIdAt

let time: VirtualTime
let outbox: Outbox
let deadLetters: DeadLetter[]
let looks: number
beforeEach(() => {
  time = virtualTime()
  outbox = durable(() => time.now()).ports.outbox
  deadLetters = []
  looks = 0
})

function pipelineOf(options: ScriptedSinkOptions = {}, accepts?: SinkPipeline['accepts']) {
  const pipeline = freshPipeline(scriptedSink(options), accepts)
  const { sink } = pipeline
  return { sink, pipeline, outboxPartition: outboxPartitionOf(sink.name, archivedEventAt(0).position) }
}

const deps = () =>
  settleDeps(
    time,
    {
      ...outbox,
      pendingUntil(outboxPartition) {
        looks += 1
        return outbox.pendingUntil(outboxPartition)
      },
    },
    deadLetters,
  )

const settle = (pipeline: SinkPipeline, events: readonly ArchivedEvent[], settled?: SettledRanges) =>
  settleEvents(pipeline, events, deps(), settled)

const appendPending = (outboxPartition: Parameters<Outbox['append']>[0], n: number) =>
  outbox.append(
    outboxPartition,
    pendingRows([{ archived: archivedEventAt(n), fault: DOWN }], instant(time.now())),
  )

describe('an event', () => {
  it('is given its form once, and only if it is to be sent', async () => {
    const encoded: number[] = []
    const { sink, pipeline } = pipelineOf({}, ({ eventId }) => eventId !== id(1))
    const counting: SinkPipeline = {
      ...pipeline,
      sink: {
        ...sink,
        encode(archived) {
          encoded.push(archived.line)
          return sink.encode(archived)
        },
      },
    }
    pipeline.window.add([archivedEventAt(103, { id: id(3) })], time.monotonicMs())
    const settled = advance(undefined, {
      first: archivedEventAt(2).position,
      last: archivedEventAt(2).position,
    })
    const again = archivedEventAt(5, { id: id(4) })
    const { tally } = await settle(counting, [...archivedEventsAt(1, 4), again, archivedEventAt(6)], settled)
    expect(tally).toMatchObject({ filtered: 1, duplicate: 3, delivered: 2 })
    expect(encoded).toEqual([4, 6])
  })

  it('that is counted nowhere, or twice, is a defect that comes to light', async () => {
    const { pipeline } = pipelineOf()
    const prepared = prepareEvents(pipeline, archivedEventsAt(1, 3), time)
    const [first] = prepared.events
    const lost = { ...prepared, deliveries: [prepared.deliveries.flat().slice(1)] }
    const otherTwice = { ...lost, duplicate: prepared.events.slice(1, 2) }
    const twice = { ...prepared, duplicate: [first ?? archivedEventAt(1)] }
    await expect(settlePrepared(pipeline, lost, deps())).rejects.toThrow(InvariantError)
    await expect(settlePrepared(pipeline, twice, deps())).rejects.toThrow(InvariantError)
    await expect(settlePrepared(pipeline, otherTwice, deps())).rejects.toThrow(InvariantError)
  })
})

describe('the events of a chunk', () => {
  it('end in one way each, and the report says which did how', async () => {
    const { pipeline, sink } = pipelineOf(
      {
        unfit: ({ line }) => (line === 6 ? TOO_LARGE : undefined),
        answer: (ids) => (ids.includes(id(8)) ? LOCKED : undefined),
        maxEvents: 1,
      },
      ({ eventId }) => eventId !== id(3),
    )
    pipeline.window.add([archivedEventAt(102, { id: id(2) })], time.monotonicMs())
    const again = archivedEventAt(7, { id: id(4) })
    const events = [...archivedEventsAt(1, 6), again, ...archivedEventsAt(8, 9)]
    const ranges = advance(undefined, {
      first: archivedEventAt(1).position,
      last: archivedEventAt(1).position,
    })
    const report = await settle(pipeline, events, ranges)
    expect(report).toMatchObject({
      sink: 'scripted',
      tally: { delivered: 2, pending: 2, deadLettered: 1, duplicate: 3, filtered: 1 },
      outcomes: { delivered: '4-5', pending: '8-9', deadLettered: '6', duplicate: '1-2,7', filtered: '3' },
      attempts: 3,
      stoppedBy: { code: 'unauthorized' },
    })
    expect(sink.taken).toEqual([id(4), id(5)])
    expect(deadLetters.map(({ line, fault }) => [line, fault])).toEqual([[6, TOO_LARGE]])
    expect((await outbox.pendingPartitions()).map(({ events: pending }) => pending)).toEqual([2])
  })

  it('end each by itself where as many have a form as have none', async () => {
    const { pipeline, sink } = pipelineOf({ unfit: ({ line }) => (line === 1 ? TOO_LARGE : undefined) })
    const { tally } = await settle(pipeline, archivedEventsAt(1, 2))
    expect(tally).toMatchObject({ delivered: 1, deadLettered: 1 })
    expect(sink.taken).toEqual([id(2)])
  })

  it('ask nobody where none of them is wanted', async () => {
    const { pipeline, sink } = pipelineOf({}, () => false)
    const { tally, attempts, stoppedBy } = await settle(pipeline, archivedEventsAt(1, 3))
    expect([tally.filtered, attempts, stoppedBy]).toEqual([3, 0, undefined])
    expect([sink.requests, looks]).toEqual([[], 0])
  })

  it('are first tried when sending begins, and are as old as that wherever they end', async () => {
    const { pipeline, outboxPartition } = pipelineOf({
      unfit: ({ line }) => (line === 3 ? TOO_LARGE : undefined),
      answer: (ids) => {
        time.advance(300)
        return ids.includes(id(2)) ? LOCKED : undefined
      },
      maxEvents: 1,
    })
    const startedAt = time.now()
    const delivered: unknown[] = []
    const { tookMs } = await settleEvents(pipeline, archivedEventsAt(1, 3), {
      ...deps(),
      telemetry: {
        delivered: (sink, events, nowMs) => delivered.push([sink, events, nowMs]),
        problem: () => undefined,
      },
    })
    expect(tookMs).toBe(600)
    expect(delivered).toEqual([['scripted', [archivedEventAt(1)], time.now()]])
    expect(await outbox.rows(outboxPartition, 9)).toMatchObject([{ lines: '2', firstTriedAt: startedAt }])
    expect(deadLetters).toMatchObject([{ line: 3, firstTriedAt: startedAt, deadLetteredAt: time.now() }])
  })

  it('are tried three times while the sink is down, as far as the delivery timeout goes', async () => {
    for (const [tookMs, tries] of [
      [0, 3],
      [400, 3],
      [500, 2],
      [1000, 1],
    ] as const) {
      const { pipeline, sink } = pipelineOf({
        answer: () => {
          time.advance(tookMs)
          return failed(DOWN)
        },
      })
      outbox = durable(() => time.now()).ports.outbox
      const { attempts, stoppedBy } = await settle(pipeline, [archivedEventAt(1)])
      expect([attempts, sink.requests.length, stoppedBy]).toEqual([tries, tries, DOWN])
    }
  })

  it('are duplicates if they come again, once they are delivered or pending, but not after a refusal', async () => {
    const { pipeline } = pipelineOf({
      unfit: ({ line }) => (line === 3 ? TOO_LARGE : undefined),
      answer: (ids) => (ids.includes(id(2)) ? LOCKED : undefined),
      maxEvents: 1,
    })
    await settle(pipeline, archivedEventsAt(1, 3))
    const again = [1, 2, 3].map((n) => archivedEventAt(n + 10, { id: id(n) }))
    expect((await settle(pipeline, again)).outcomes).toEqual({ duplicate: '11-12', pending: '13' })
  })

  it('are pending although the wake-up for them is lost, and that is reported', async () => {
    const { pipeline } = pipelineOf({ answer: () => LOCKED })
    const told: unknown[] = []
    const cause = new Error('no queue')
    await settleEvents(pipeline, archivedEventsAt(1, 3), {
      ...deps(),
      wakeUps: { send: () => Promise.reject(cause) },
      telemetry: { delivered: () => undefined, problem: (...problem) => told.push(problem) },
    })
    expect(told).toEqual([['wakeUpLost', cause]])
    expect(await outbox.pendingPartitions()).toHaveLength(1)
  })
})

describe('what was pending before', () => {
  it('keeps behind it whatever comes, and says so', async () => {
    const { pipeline, sink, outboxPartition } = pipelineOf()
    await appendPending(outboxPartition, 0)
    const { stoppedBy } = await settle(pipeline, archivedEventsAt(1, 3))
    expect(stoppedBy).toMatchObject({ code: 'ordered', scope: 'transient' })
    expect(sink.requests).toEqual([])
  })

  it('is not forgotten over a chunk of which nothing can be sent', async () => {
    const { pipeline, sink, outboxPartition } = pipelineOf({
      unfit: ({ line }) => (line === 1 ? TOO_LARGE : undefined),
    })
    await appendPending(outboxPartition, 0)
    await settle(pipeline, [archivedEventAt(1)])
    await settle(pipeline, [archivedEventAt(2)])
    expect(sink.requests).toEqual([])
    expect((await outbox.pendingPartitions())[0]?.events).toBe(2)
  })

  it('is not forgotten over a chunk of which the sink wants nothing', async () => {
    const { pipeline, sink, outboxPartition } = pipelineOf({}, ({ eventId }) => eventId !== id(1))
    await appendPending(outboxPartition, 0)
    await settle(pipeline, [archivedEventAt(1)])
    await settle(pipeline, [archivedEventAt(2)])
    expect(sink.requests).toEqual([])
    expect((await outbox.pendingPartitions())[0]?.events).toBe(2)
  })

  it('is looked for once, as long as this process reads the partition without a gap', async () => {
    const { pipeline, sink } = pipelineOf({}, ({ eventId }) => eventId !== id(3))
    for (const n of [1, 2, 3, 4]) await settle(pipeline, [archivedEventAt(n)])
    expect(looks).toBe(1)
    await settle(pipeline, [archivedEventAt(6)])
    expect(looks).toBe(2)
    expect(sink.taken).toEqual([1, 2, 4, 6].map(id))
  })
})

describe('a sink is left alone', () => {
  /** After how many chunks, each of a partition of its own, of two. */
  const openAfter = async (options: ScriptedSinkOptions, events: number): Promise<number | undefined> => {
    const { pipeline } = pipelineOf(options)
    for (const chunk of [1, 2]) {
      const onPartition = archivedEventsAt(chunk * 100, chunk * 100 + events - 1).map((archived) => ({
        ...archived,
        position: { ...archived.position, partition: String(chunk) },
      }))
      await settle(pipeline, onPartition)
      if (pipeline.breaker.isOpen) return chunk
    }
    return undefined
  }
  const takes = (ms: number) => (_: readonly string[], request: number) => {
    time.advance(ms)
    return request % 2 === 1 ? undefined : LOCKED
  }

  it('where it failed, although it took some before', async () => {
    expect(await openAfter({ maxEvents: 1, answer: takes(0) }, 2)).toBe(2)
  })

  it('where it refused all that there was time for', async () => {
    const answer = () => {
      time.advance(500)
      return failed(TOO_LARGE)
    }
    expect(await openAfter({ maxEvents: 1, answer }, 3)).toBe(1)
  })

  it('where it takes long for each request, but not where many requests take long', async () => {
    const answer = () => {
      time.advance(450)
      return undefined
    }
    const slow = () => {
      time.advance(810)
      return undefined
    }
    expect(await openAfter({ answer: slow }, 1)).toBe(2)
    expect(await openAfter({ maxEvents: 1, answer }, 2)).toBeUndefined()
  })

  it('but not where it took what there was time for', async () => {
    const answer = () => {
      time.advance(500)
      return undefined
    }
    expect(await openAfter({ maxEvents: 1, answer }, 3)).toBeUndefined()
  })

  it('and told so in its time, by what is sent alone: an event that has no form is no probe', async () => {
    const { pipeline, sink } = pipelineOf({
      unfit: ({ line }) => (line === 7 ? TOO_LARGE : undefined),
      answer: () => LOCKED,
    })
    pipeline.breaker.report('closed', 1, 0, time.monotonicMs())
    pipeline.breaker.report('closed', 1, 0, time.monotonicMs())
    expect((await settle(pipeline, [archivedEventAt(1)])).stoppedBy).toMatchObject({ code: 'breakerOpen' })
    await outbox.remove(
      outboxPartitionOf('scripted', archivedEventAt(0).position),
      await outbox.rows(outboxPartitionOf('scripted', archivedEventAt(0).position), 9),
    )
    time.advance(2000)
    await settle(pipeline, [archivedEventAt(7)])
    expect([pipeline.breaker.isOpen, sink.requests]).toEqual([true, []])
    expect(pipeline.breaker.ask(time.monotonicMs())).toBe('probe')
  })

  it('after a probe that met a defect of ours, and that defect comes to light', async () => {
    const { pipeline } = pipelineOf()
    const defect = new InvariantError('a bug')
    const broken: SinkPipeline = {
      ...pipeline,
      sink: { ...pipeline.sink, deliver: () => Promise.reject(defect) },
    }
    pipeline.breaker.report('closed', 1, 0, time.monotonicMs())
    pipeline.breaker.report('closed', 1, 0, time.monotonicMs())
    time.advance(2000)
    await expect(settle(broken, [archivedEventAt(1)])).rejects.toBe(defect)
    expect(pipeline.breaker.ask(time.monotonicMs())).toBe('open')
    time.advance(4000)
    expect(pipeline.breaker.ask(time.monotonicMs())).toBe('probe')
  })
})
