import { beforeEach, describe, expect, it } from 'vitest'
import { durable } from '../../local/checks/chaos/model/durable.ts'
import type { DeadLetter } from '../../shared/delivery/dead-letters/dead-letter.ts'
import { DuplicateWindow } from '../../shared/delivery/dedup/duplicate-window.ts'
import { advance } from '../../shared/delivery/dedup/settled-range.ts'
import { noStep } from '../../shared/delivery/failpoint.ts'
import { type Outbox, owedRows, pageOf } from '../../shared/delivery/outbox/outbox.ts'
import { OwingMemory } from '../../shared/delivery/outbox/pending-memory.ts'
import { Breaker, breakerPolicy } from '../../shared/delivery/send/breaker.ts'
import { failed } from '../../shared/delivery/sink.ts'
import { type Lane, type LaneDeps, type LaneWork, settleAtSink } from '../../shared/delivery/sink-pipeline.ts'
import type { ArchivedEvent } from '../../shared/domain/exported-event.ts'
import { recordFault, sinkFault, transientFault } from '../../shared/domain/fault.ts'
import { instant } from '../../shared/domain/identifiers.ts'
import { InvariantError } from '../../shared/domain/invariant-error.ts'
import { placed, placedRange } from '../support/placed-events.ts'
import { type ScriptedSinkOptions, scriptedSink } from '../support/scripted-sink.ts'
import { type VirtualTime, virtualTime } from '../support/virtual-time.ts'

const DOWN = transientFault('unavailable', 'down')
const LOCKED = failed(sinkFault('unauthorized', 'who are you'))
const TOO_LARGE = recordFault('tooLarge', 'too large')
const id = (n: number): string => placed(n).event.eventId

let time: VirtualTime
let outbox: Outbox
let letters: DeadLetter[]
let looks: number
beforeEach(() => {
  time = virtualTime()
  outbox = durable(() => time.now()).ports.outbox
  letters = []
  looks = 0
})

/** A sink on a process that has just started. */
function laneOf(options: ScriptedSinkOptions = {}, accepts: Lane['accepts'] = () => true) {
  const sink = scriptedSink(options)
  const lane: Lane = {
    sink,
    accepts,
    breaker: new Breaker(breakerPolicy(1000)),
    window: new DuplicateWindow(),
    owing: new OwingMemory(),
  }
  return { sink, lane, page: pageOf(sink.name, placed(0).position) }
}

const deps = (change: Partial<LaneDeps> = {}): LaneDeps => ({
  outbox: {
    ...outbox,
    owes(page) {
      looks += 1
      return outbox.owes(page)
    },
  },
  doorbell: { ring: async () => undefined },
  deadLetters: {
    async bury(some) {
      letters.push(...some)
    },
  },
  patienceMs: 1000,
  backoff: { baseMs: 0, maxMs: 0 },
  time,
  onRingLost: () => undefined,
  onStep: noStep,
  ...change,
})

/** Brings a chunk of these events to an end; they may come from further places than they fill. */
function settle(lane: Lane, events: readonly ArchivedEvent[], change: Partial<LaneWork & LaneDeps> = {}) {
  const [first = placed(0)] = events
  const work: LaneWork = {
    events,
    stretch: { first: first.position, last: (events.at(-1) ?? first).position },
    mark: undefined,
    encode: (archived) => lane.sink.encode(archived),
    ...change,
  }
  return settleAtSink(lane, work, deps(change))
}

const owe = (page: Parameters<Outbox['append']>[0], n: number) =>
  outbox.append(page, owedRows([{ archived: placed(n), fault: DOWN }], instant(time.now())))

describe('the events of a chunk', () => {
  it('end in one way each, and the report says which did how', async () => {
    const { lane, sink } = laneOf(
      {
        unfit: ({ line }) => (line === 6 ? TOO_LARGE : undefined),
        answer: (ids) => (ids.includes(id(8)) ? LOCKED : undefined),
        maxEvents: 1,
      },
      ({ eventId }) => eventId !== id(3),
    )
    lane.window.add([placed(102, { id: id(2) })], time.monotonicMs())
    const again = placed(7, { id: id(4) })
    const events = [...placedRange(1, 6), again, ...placedRange(8, 9)]
    const mark = advance(undefined, { first: placed(1).position, last: placed(1).position })
    const report = await settle(lane, events, { mark })
    expect(report).toMatchObject({
      sink: 'scripted',
      tally: { delivered: 2, owed: 2, deadLettered: 1, duplicate: 3, filtered: 1 },
      ends: { delivered: '4-5', owed: '8-9', deadLettered: '6', duplicate: '1-2,7', filtered: '3' },
      attempts: 3,
      stoppedBy: { code: 'unauthorized' },
    })
    expect(report.delivered.map(({ line }) => line)).toEqual([4, 5])
    expect(sink.taken).toEqual([id(4), id(5)])
    expect(letters.map(({ line, fault }) => [line, fault])).toEqual([[6, TOO_LARGE]])
    expect((await outbox.owing()).map(({ events: owed }) => owed)).toEqual([2])
  })

  it('ask nobody where none of them is wanted', async () => {
    const { lane, sink } = laneOf({}, () => false)
    const { tally, attempts, stoppedBy } = await settle(lane, placedRange(1, 3))
    expect([tally.filtered, attempts, stoppedBy]).toEqual([3, 0, undefined])
    expect([sink.requests, looks]).toEqual([[], 0])
  })

  it('are owed although the ring for them is lost, and that is told', async () => {
    const { lane } = laneOf({ answer: () => LOCKED })
    const lost: unknown[] = []
    const cause = new Error('no queue')
    await settle(lane, placedRange(1, 3), {
      doorbell: { ring: () => Promise.reject(cause) },
      onRingLost: (one) => lost.push(one),
    })
    expect(lost).toEqual([cause])
    expect(await outbox.owing()).toHaveLength(1)
  })
})

describe('what was owed before', () => {
  it('keeps behind it whatever comes, and says so', async () => {
    const { lane, sink, page } = laneOf()
    await owe(page, 0)
    const { stoppedBy } = await settle(lane, placedRange(1, 3))
    expect(stoppedBy).toMatchObject({ code: 'ordered', scope: 'transient' })
    expect(sink.requests).toEqual([])
  })

  it('is not forgotten over a chunk of which nothing can be sent', async () => {
    const { lane, sink, page } = laneOf({ unfit: ({ line }) => (line === 1 ? TOO_LARGE : undefined) })
    await owe(page, 0)
    await settle(lane, [placed(1)])
    await settle(lane, [placed(2)])
    expect(sink.requests).toEqual([])
    expect((await outbox.owing())[0]?.events).toBe(2)
  })

  it('is looked for once, as long as this process reads the partition without a gap', async () => {
    const { lane, sink } = laneOf({}, ({ eventId }) => eventId !== id(3))
    for (const n of [1, 2, 3, 4]) await settle(lane, [placed(n)])
    expect(looks).toBe(1)
    await settle(lane, [placed(6)])
    expect(looks).toBe(2)
    expect(sink.taken).toEqual([1, 2, 4, 6].map(id))
  })
})

describe('a sink is left alone', () => {
  /** After how many chunks, each of a partition of its own, of two. */
  const openAfter = async (options: ScriptedSinkOptions, events: number): Promise<number | undefined> => {
    const { lane } = laneOf(options)
    for (const chunk of [1, 2]) {
      const onPartition = placedRange(chunk * 100, chunk * 100 + events - 1).map((archived) => ({
        ...archived,
        position: { ...archived.position, partition: String(chunk) },
      }))
      await settle(lane, onPartition)
      if (lane.breaker.isOpen) return chunk
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

  it('but not where it took what there was time for', async () => {
    const answer = () => {
      time.advance(500)
      return undefined
    }
    expect(await openAfter({ maxEvents: 1, answer }, 3)).toBeUndefined()
  })

  it('and told so in its time, by what is sent alone: an event that has no form is no probe', async () => {
    const { lane, sink } = laneOf({
      unfit: ({ line }) => (line === 7 ? TOO_LARGE : undefined),
      answer: () => LOCKED,
    })
    lane.breaker.report('closed', 1, 0, time.monotonicMs())
    lane.breaker.report('closed', 1, 0, time.monotonicMs())
    expect((await settle(lane, [placed(1)])).stoppedBy).toMatchObject({ code: 'breakerOpen' })
    await outbox.remove(
      pageOf('scripted', placed(0).position),
      await outbox.rows(pageOf('scripted', placed(0).position), 9),
    )
    time.advance(2000)
    await settle(lane, [placed(7)])
    expect([lane.breaker.isOpen, sink.requests]).toEqual([true, []])
    expect(lane.breaker.ask(time.monotonicMs())).toBe('probe')
  })

  it('after a probe that met a defect of ours, and that defect comes to light', async () => {
    const { lane } = laneOf()
    const defect = new InvariantError('a bug')
    const broken: Lane = { ...lane, sink: { ...lane.sink, deliver: () => Promise.reject(defect) } }
    lane.breaker.report('closed', 1, 0, time.monotonicMs())
    lane.breaker.report('closed', 1, 0, time.monotonicMs())
    time.advance(2000)
    await expect(settle(broken, [placed(1)])).rejects.toBe(defect)
    expect(lane.breaker.ask(time.monotonicMs())).toBe('open')
    time.advance(4000)
    expect(lane.breaker.ask(time.monotonicMs())).toBe('probe')
  })
})
