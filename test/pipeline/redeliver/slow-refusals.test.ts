import { describe, expect, it } from 'vitest'
import type { LinesRead } from '../../../shared/archive/reader.ts'
import { Refusals } from '../../../shared/delivery/send/refusals.ts'
import { type DeliveryOutcome, failed } from '../../../shared/delivery/sink.ts'
import { recordFault, transientFault } from '../../../shared/domain/fault.ts'
import type { RedeliverDeps } from '../../../shared/pipeline/redeliver/redeliver.ts'
import { eventIdAt } from '../../support/archived-event-at.ts'
import { HOUR_MS, type PendingWorld, pendingWorld } from '../../support/pending-world.ts'
import { type ScriptedSink, scriptedSink } from '../../support/scripted-sink.ts'
import { virtualTime } from '../../support/virtual-time.ts'

const range = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i)
const IDS = range(0, 99).map(eventIdAt)
const idsBut = (last: number, ...bad: readonly number[]): readonly string[] =>
  IDS.slice(0, last + 1).filter((_, n) => !bad.includes(n))

const REFUSED = failed(recordFault('payloadRefused', 'The receiver answered 400.', { status: 400 }))
const TIMED_OUT = failed(transientFault('timeout', 'The receiver did not answer in time.'))

interface Slow {
  readonly bad: Iterable<number>
  readonly refusalMs: number
  readonly acceptanceMs?: number
}

interface SlowWorld {
  readonly world: PendingWorld
  readonly sink: ScriptedSink
  /** Every drain there would be within a while. */
  readonly drainFor: (ms: number) => Promise<void>
}

const SWEEP_MS = 60_000
const ON_THE_WAY_MS = 100

/** The archive's lines, each made once: what they say is not what is tested. */
const LINES = new Map<string, LinesRead>()
const linesOnce =
  ({ readLines }: Pick<RedeliverDeps, 'readLines'>): RedeliverDeps['readLines'] =>
  async (blob, numbers, space) => {
    const key = `${blob} ${numbers.join()}`
    const lines = LINES.get(key) ?? (await readLines(blob, numbers, space))
    LINES.set(key, lines)
    return lines
  }

/** A receiver that takes its time, and a program that waits no longer than it may. */
function slowWorld({ bad, refusalMs, acceptanceMs = 50 }: Slow, refusals?: Refusals): SlowWorld {
  const clock = virtualTime()
  let allowedMs = 0
  const time = {
    ...clock,
    limit(ms: number) {
      allowedMs = ms
      return clock.limit(ms)
    },
  }
  const answer = (ids: readonly string[]): DeliveryOutcome | undefined => {
    const isRefused = [...bad].some((n) => ids.includes(IDS[n] ?? ''))
    const tookMs = isRefused ? refusalMs : acceptanceMs
    clock.advance(Math.min(tookMs, allowedMs))
    if (tookMs > allowedMs) return TIMED_OUT
    return isRefused ? REFUSED : undefined
  }
  const scripted = scriptedSink({ maxEvents: 100, answer })
  const sink = refusals === undefined ? scripted : { ...scripted, refusals }
  const world = pendingWorld(sink, time)
  const readLines = linesOnce(world.deps)
  return {
    world,
    sink,
    async drainFor(ms) {
      const untilMs = clock.monotonicMs() + ms
      while ((await world.pending()).length > 0 && clock.monotonicMs() < untilMs) {
        const before = world.wakeUpsSent.length
        await world.drain({ readLines })
        // Where nobody was woken up, the sweep does that.
        clock.advance((world.wakeUpsSent[before]?.delayMs ?? SWEEP_MS) + ON_THE_WAY_MS)
      }
    },
  }
}

/** Refusals are remembered by a process that goes on, and not by one that starts for every drain. */
describe.each([
  { name: 'a process that goes on', remembers: true },
  { name: 'a process that starts anew for every drain', remembers: false },
])('refusals that take seconds, in $name', ({ remembers }) => {
  const slow = (how: Slow): SlowWorld => slowWorld(how, remembers ? new Refusals() : undefined)

  it.each(range(3, 16))('dead-letter the one bad event after %i s each, wherever it is', async (seconds) => {
    for (const bad of [0, 1, 50, 98]) {
      const { world, sink, drainFor } = slow({ bad: [bad], refusalMs: seconds * 1000 })
      await world.append([0, 99])
      await drainFor(HOUR_MS)
      expect(await world.pending(), `bad: ${bad}`).toEqual([])
      expect(world.deadLetters.map(({ line, fault }) => [line, fault.code])).toEqual([
        [bad, 'payloadRefused'],
      ])
      expect(sink.taken).toEqual(idsBut(99, bad))
    }
  })

  it('dead-letter a bad event in a row of its own, and the next waits no longer', async () => {
    const { world, sink, drainFor } = slow({ bad: [3], refusalMs: 10_000 })
    await world.appendApart(...range(0, 39))
    await drainFor(HOUR_MS)
    expect(world.deadLetters.map(({ line }) => line)).toEqual([3])
    expect(sink.taken).toEqual(idsBut(39, 3))
  })

  it('dead-letter it where acceptance is slow too', async () => {
    const { world, sink, drainFor } = slow({ bad: [0], refusalMs: 10_000, acceptanceMs: 4000 })
    await world.append([0, 99])
    await drainFor(HOUR_MS)
    expect(world.deadLetters.map(({ line }) => line)).toEqual([0])
    expect(sink.taken).toEqual(idsBut(99, 0))
  })

  it('dead-letter as many bad events in succession as fit into one budget with the next one', async () => {
    const { world, sink, drainFor } = slow({ bad: [0, 1, 2], refusalMs: 5000 })
    await world.append([0, 99])
    await drainFor(HOUR_MS)
    // Three of which nothing is known are the fault of the sink.
    expect(world.deadLetters.map(({ line }) => line)).toEqual(remembers ? [0, 1, 2] : [])
    expect(sink.taken).toEqual(remembers ? idsBut(99, 0, 1, 2) : [])
  })

  it.each([3, 6, 10])('of everything, after %i s each, are the fault of the sink', async (seconds) => {
    const bad = new Set(range(0, 99))
    const { world, sink, drainFor } = slow({ bad, refusalMs: seconds * 1000 })
    await world.append([0, 59], [60, 60], [61, 99])
    await drainFor(8 * HOUR_MS)
    expect([world.deadLetters, sink.taken]).toEqual([[], []])
    bad.clear()
    await drainFor(HOUR_MS)
    expect(world.deadLetters).toEqual([])
    expect(sink.taken).toEqual(idsBut(99))
  })
})
