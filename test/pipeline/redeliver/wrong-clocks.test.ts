import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Outbox } from '../../../shared/delivery/outbox/outbox.ts'
import { tableOutbox } from '../../../shared/delivery/outbox/outbox-table.ts'
import { failed } from '../../../shared/delivery/sink.ts'
import { transientFault } from '../../../shared/domain/fault.ts'
import { instant } from '../../../shared/domain/identifiers.ts'
import { AgeLimit } from '../../../shared/pipeline/redeliver/age-limit.ts'
import { sweep } from '../../../shared/pipeline/redeliver/sweep.ts'
import { eventIdAt } from '../../support/archived-event-at.ts'
import { type AzuriteStores, azuriteStores } from '../../support/azurite-stores.ts'
import { memoryOutbox } from '../../support/memory-outbox.ts'
import { HOUR_MS, type PendingWorld, pendingWorld, unreadLines } from '../../support/pending-world.ts'
import { type ScriptedSink, scriptedSink } from '../../support/scripted-sink.ts'
import { type VirtualTime, virtualTime } from '../../support/virtual-time.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * HOUR_MS
const YEAR_MS = 365 * DAY_MS
/** As long as the clock is wrong. */
const WRONG_FOR_MS = 4000
const down = failed(transientFault('unavailable', 'down', { status: 503 }))
const ids = (...numbers: readonly number[]): readonly string[] => numbers.map(eventIdAt)

let stores: AzuriteStores
beforeAll(async () => {
  stores = await azuriteStores()
})
afterAll(() => stores.stop())

const ledgers: readonly [string, (time: VirtualTime) => Promise<Outbox>][] = [
  ['in a table', async (time) => tableOutbox(await stores.table(), time, randomUUID)],
  ['in memory', async (time) => memoryOutbox(time)],
]

/** A program whose age limit is half a day, on a ledger whose sink is down at first. */
interface Trial {
  readonly time: VirtualTime
  readonly sink: ScriptedSink
  readonly world: PendingWorld
  /** The clock is wrong, then right again. */
  readonly whileWrong: (byMs: number, work: () => Promise<unknown>) => Promise<void>
  mend(): void
  drain(): Promise<void>
  /** Wake-ups that the sweep sends. */
  swept(): Promise<number>
}

async function trial(open: (time: VirtualTime) => Promise<Outbox>): Promise<Trial> {
  // A table has times of its storage, whose clock is right.
  const time = virtualTime(Date.now())
  const state = { isDown: true }
  const sink = scriptedSink({ answer: () => (state.isDown ? down : undefined) })
  const outbox = await open(time)
  const world = pendingWorld(sink, time, outbox)
  const ageLimit = new AgeLimit(12 * HOUR_MS, time)
  // The process has been up for a while.
  time.advance(10 * MINUTE_MS)
  return {
    time,
    sink,
    world,
    async whileWrong(byMs, work) {
      time.set(byMs)
      await work()
      time.advance(WRONG_FOR_MS)
      time.set(-byMs)
    },
    mend: () => {
      state.isDown = false
    },
    drain: () => world.drain({ ageLimit }),
    async swept() {
      let wakeUpSent = 0
      await sweep({
        outbox,
        wakeUps: {
          send: async () => {
            wakeUpSent++
          },
        },
        sinks: new Map([[sink.name, {}]]),
        telemetry: { pendingAtSinks: () => undefined, problem: () => undefined },
        time,
      })
      return wakeUpSent
    },
  }
}

describe.each(ledgers)('pending events, their ledger %s,', (_, open) => {
  let t: Trial
  beforeEach(async () => {
    t = await trial(open)
  })

  describe.each([
    ['a year ahead', YEAR_MS],
    ['ten minutes ahead', 10 * MINUTE_MS],
    ['two minutes ahead', 2 * MINUTE_MS],
    ['a day back', -DAY_MS],
  ])('when the clock was %s for four seconds', (__, byMs) => {
    it('are delivered as soon as the sink is well, and none is a dead letter', async () => {
      await t.world.append([1, 2])
      await t.whileWrong(byMs, async () => {
        await t.drain()
        await t.world.append([3, 4])
      })
      await t.world.append([5, 6])
      t.mend()
      expect(await t.swept()).toBe(1)
      await t.drain()
      expect(t.sink.taken).toEqual(ids(1, 2, 3, 4, 5, 6))
      expect(t.world.deadLetters).toEqual([])
    })

    it('are delivered as soon as the sink is well, though the drain was killed meanwhile', async () => {
      await t.world.append([1, 2])
      await t.whileWrong(byMs, () => t.world.outbox.acquire(t.world.outboxPartition, 35_000))
      t.mend()
      // At the latest when the lease of a process that dies is over.
      t.time.advance(35_000)
      expect(await t.swept()).toBe(1)
      await t.drain()
      expect(t.sink.taken).toEqual(ids(1, 2))
    })

    it('are not dead-lettered while it is, nor afterwards', async () => {
      await t.world.append([1, 2])
      await t.whileWrong(byMs, async () => {
        await t.world.append([3, 4])
        for (let i = 0; i < 3; i++) await t.drain()
      })
      for (let hours = 0; hours < 8; hours++) {
        await t.drain()
        t.time.advance(HOUR_MS)
      }
      expect(t.world.deadLetters).toEqual([])
      expect(await t.world.pending()).toEqual(['1-2', '3-4'])
    })

    it('are dead-lettered once they are too old by a clock that is right', async () => {
      await t.world.append([1, 2])
      await t.whileWrong(byMs, () => t.world.append([3, 4]))
      await t.drain()
      t.time.advance(13 * HOUR_MS)
      await t.drain()
      t.time.advance(13 * HOUR_MS)
      await t.drain()
      expect(t.world.deadLetters.map(({ line, fault }) => [line, fault.code])).toEqual(
        [1, 2, 3, 4].map((line) => [line, 'deliveryExpired']),
      )
    })

    it('whose blob could not be read just then are looked at again within the hour', async () => {
      await t.world.appendApart(1)
      const gone = Object.assign(new Error(), { statusCode: 404, code: 'BlobNotFound' })
      await t.whileWrong(byMs, () =>
        t.world.drain({ readLines: unreadLines(t.world.deps.readLines, () => true, gone) }),
      )
      t.mend()
      t.time.advance(HOUR_MS)
      await t.drain()
      expect(t.sink.taken).toEqual(ids(1))
    })
  })

  it('are told apart where a clock that is ahead has leased or put off their partition', async () => {
    await t.world.append([1, 2])
    await t.whileWrong(YEAR_MS, () => t.drain())
    expect(await t.world.outbox.pendingPartitions()).toMatchObject([{ attended: false, isLeaseAhead: true }])
    t.mend()
    await t.drain()
    await t.world.append([3, 4])
    expect((await t.world.outbox.pendingPartitions())[0]?.isLeaseAhead).toBeUndefined()
  })
})

it('pending events are not dead-lettered for the age of their message, where a clock that was ahead has noted them', async () => {
  const t = await trial(async (time) => memoryOutbox(time))
  t.time.advance(2 * DAY_MS)
  await t.whileWrong(10 * MINUTE_MS, () => t.world.append([1, 2]))
  await t.drain()
  t.mend()
  t.time.advance(5 * MINUTE_MS)
  await t.drain()
  expect(t.sink.taken).toEqual(ids(1, 2))
  expect(t.world.deadLetters).toEqual([])
})

describe('an age', () => {
  const row = (time: VirtualTime) => ({ firstTriedAt: instant(time.now()), enqueuedAt: instant(0) })

  it('is not believed by a process that has just begun, and says when it will be', () => {
    // A table has times of its storage, whose clock is right.
    const time = virtualTime(Date.now())
    const old = row(time)
    time.set(YEAR_MS)
    const limit = new AgeLimit(HOUR_MS, time)
    expect([limit.isPast(old), limit.doubtMs(old)]).toEqual([false, MINUTE_MS])
    time.advance(MINUTE_MS)
    expect([limit.isPast(old), limit.doubtMs(old)]).toEqual([true, undefined])
  })

  it('counts from when the message came, where it was first tried by a clock that was behind', () => {
    // A table has times of its storage, whose clock is right.
    const time = virtualTime(Date.now())
    const limit = new AgeLimit(HOUR_MS, time)
    const enqueuedAt = instant(time.now())
    time.advance(30 * MINUTE_MS)
    expect(limit.isPast({ firstTriedAt: instant(time.now() - DAY_MS), enqueuedAt })).toBe(false)
    time.advance(31 * MINUTE_MS)
    expect(limit.isPast({ firstTriedAt: instant(time.now() - DAY_MS), enqueuedAt })).toBe(true)
  })

  it('is never told wrongly, however the clock is set for less than a minute at a time', () => {
    const spell = fc.record({
      byMs: fc.integer({ min: -YEAR_MS, max: YEAR_MS }),
      forMs: fc.integer({ min: 0, max: MINUTE_MS - 1 }),
      betweenMs: fc.integer({ min: 0, max: HOUR_MS }),
      looks: fc.integer({ min: 1, max: 3 }),
    })
    fc.assert(
      fc.property(fc.array(spell, { maxLength: 20 }), (spells) => {
        // A table has times of its storage, whose clock is right.
        const time = virtualTime(Date.now())
        const old = row(time)
        const limit = new AgeLimit(6 * HOUR_MS, time)
        const startedMs = time.monotonicMs()
        const isTooEarly = (): boolean => limit.isPast(old) && time.monotonicMs() - startedMs <= 6 * HOUR_MS
        for (const { byMs, forMs, betweenMs, looks } of spells) {
          time.advance(betweenMs)
          expect(isTooEarly()).toBe(false)
          time.set(byMs)
          for (let look = 0; look < looks; look++) {
            expect(isTooEarly()).toBe(false)
            time.advance(forMs / looks)
          }
          time.set(-byMs)
        }
      }),
    )
  })
})
