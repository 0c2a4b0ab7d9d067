import { beforeEach, describe, expect, it } from 'vitest'
import { OUT_OF_TIME } from '../../../shared/delivery/send/attempt.ts'
import { NO_OUTCOMES } from '../../../shared/delivery/settlement.ts'
import { failed } from '../../../shared/delivery/sink.ts'
import { recordFault, transientFault } from '../../../shared/domain/fault.ts'
import { NO_PROGRESS, stateAfter } from '../../../shared/pipeline/redeliver/drain-state.ts'
import { archivedEventAt, archivedEventsAt, eventIdAt } from '../../support/archived-event-at.ts'
import { HOUR_MS, pendingWorld } from '../../support/pending-world.ts'
import { type ScriptedSinkOptions, scriptedSink } from '../../support/scripted-sink.ts'
import { type VirtualTime, virtualTime } from '../../support/virtual-time.ts'

const DOWN = transientFault('unavailable', 'down')
const REFUSED = recordFault('payloadRefused', 'refused')
/** Of its budget of 20 s, a drain sends for 18. */
const TOO_LONG_MS = 18_000
const id: (n: number) => string = eventIdAt
const ids = (from: number, to: number): readonly string[] =>
  archivedEventsAt(from, to).map(({ event }) => event.eventId)

let time: VirtualTime
beforeEach(() => {
  time = virtualTime()
})

describe('after a window', () => {
  const ends = {
    nothing: NO_OUTCOMES,
    'an acceptance': { ...NO_OUTCOMES, delivered: [archivedEventAt(1)] },
    'a dead letter': { ...NO_OUTCOMES, deadLettered: [{ archived: archivedEventAt(1), fault: REFUSED }] },
  }

  it.each([
    ['nothing', 'starting', undefined, { name: 'starting' }],
    ['an acceptance', 'starting', undefined, { name: 'flowing' }],
    ['a dead letter', 'starting', undefined, { name: 'flowing' }],
    ['nothing', 'flowing', undefined, { name: 'flowing' }],
    ['nothing', 'starting', OUT_OF_TIME, { name: 'stopped', by: NO_PROGRESS }],
    ['an acceptance', 'starting', OUT_OF_TIME, { name: 'outOfTime' }],
    ['a dead letter', 'starting', OUT_OF_TIME, { name: 'outOfTime' }],
    ['nothing', 'flowing', OUT_OF_TIME, { name: 'outOfTime' }],
    ['an acceptance', 'flowing', DOWN, { name: 'stopped', by: DOWN }],
  ] as const)('that brought %s, a drain %s and stopped by %o is %o', (brought, name, stoppedBy, after) => {
    const settlement = { ...ends[brought], refusedAlone: 0, attempts: 1, stoppedBy }
    expect(stateAfter({ name }, settlement)).toEqual(after)
  })
})

describe('a sink that refuses one event, and takes long for it,', () => {
  /** Refuses whatever holds these, each time in as long as this. */
  const worldOf = (bad: readonly number[], tookMs: number, more: ScriptedSinkOptions = {}) => {
    const badIds = new Set(bad.map(id))
    const sink = scriptedSink({
      answer: (some) => {
        if (!some.some((one) => badIds.has(one))) return undefined
        time.advance(tookMs)
        return failed(REFUSED)
      },
      ...more,
    })
    return { sink, world: pendingWorld(sink, time) }
  }

  it('is tried with fewer and fewer, as one that gets nowhere, until that event is known', async () => {
    const { sink, world } = worldOf([1], 5000)
    await world.append([1, 8], [9, 9])
    const told: unknown[] = []
    await world.drain({
      telemetry: { ...world.deps.telemetry, partitionDrained: ({ stoppedBy }) => told.push(stoppedBy) },
    })
    expect(told).toEqual(['timeout'])
    expect(world.wakeUpsSent.map(({ delayMs }) => delayMs)).toEqual([1000])
    const [row, behind] = await world.outbox.rows(world.outboxPartition, 2)
    expect([row?.attempts, row?.lastFault?.message, behind?.attempts]).toEqual([2, NO_PROGRESS.message, 1])
    for (let drains = 0; drains < 3; drains++) {
      time.advance(HOUR_MS)
      await world.drain()
    }
    expect(world.deadLetters.map(({ line, fault }) => [line, fault.code])).toEqual([[1, 'payloadRefused']])
    expect(sink.taken).toEqual(ids(2, 9))
    expect(await world.pending()).toEqual([])
  })

  it('has its events dead-lettered past the age limit where it gets nowhere, and not where it took some before', async () => {
    const stuck = worldOf([1], TOO_LONG_MS)
    await stuck.world.append([1, 2])
    const moving = worldOf([600], TOO_LONG_MS, { maxEvents: 500 })
    await moving.world.appendApart(...Array.from({ length: 601 }, (_, n) => n))
    time.advance(73 * HOUR_MS)
    await stuck.world.drain()
    expect(stuck.world.deadLetters.map(({ line, fault }) => [line, fault.code])).toEqual([
      [1, 'deliveryExpired'],
      [2, 'deliveryExpired'],
    ])
    await moving.world.drain()
    expect(moving.sink.taken).toEqual(ids(0, 499))
    expect(moving.world.deadLetters).toEqual([])
    const left = await moving.world.outbox.rows(moving.world.outboxPartition, 1000)
    expect(left.map(({ attempts }) => attempts)).toEqual(Array(101).fill(1))
    expect(moving.world.wakeUpsSent.map(({ delayMs }) => delayMs)).toEqual([0])
  })
})
