import { isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from 'vitest'
import { CAUSES } from '../../../../local/checks/chaos/duplicates/causes.ts'
import { ALL_DISRUPTIONS, type Disruptions } from '../../../../local/checks/chaos/model/disruptions.ts'
import { type ModelRun, modelRun } from '../../../../local/checks/chaos/model/model-run.ts'
import type { ModelArrival } from '../../../../local/checks/chaos/model/model-sink.ts'
import { FAILPOINTS } from '../../../../shared/delivery/failpoint.ts'
import { runLength } from '../../../support/run-length.ts'

const SEEDS = runLength(12, 40)
/** Some steps are rare: a process is killed after them in one run of thirty. */
const MAX_SEEDS = 400
const seeds = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i)

/** Sinks that say no, and nothing else. */
const ONLY_REFUSALS: Disruptions = {
  crashes: false,
  storage: false,
  reruns: false,
  recreation: true,
  behaviours: ['up', 'down', 'throttling', 'unauthorized', 'hanging', 'slow'],
}

const streamPosition = ({ position, ordinal }: ModelArrival): readonly [number, number, number] => [
  position.enqueuedAt,
  position.sequenceNumber,
  ordinal,
]

const isBefore = (a: ModelArrival, b: ModelArrival): boolean => {
  const [x, y] = [streamPosition(a), streamPosition(b)]
  const at = x.findIndex((part, i) => part !== y[i])
  return at !== -1 && (x[at] ?? 0) < (y[at] ?? 0)
}

/** Events that a sink got after a later one of the same partition. */
const overtaken = (received: readonly ModelArrival[]): readonly ModelArrival[] => {
  const last = new Map<string, ModelArrival>()
  return received.filter((archived) => {
    const before = last.get(archived.position.partition)
    last.set(archived.position.partition, archived)
    return before !== undefined && !isBefore(before, archived)
  })
}

describe('a schedule of crashes, sink scripts, storage failures, re-runs, rewinds and re-creations', () => {
  const runs: ModelRun[] = []

  it(`loses nothing, delivers nothing unknown and dead-letters nothing without a true reason, in ${SEEDS} runs`, async () => {
    for (const seed of seeds(1, SEEDS)) runs.push(await modelRun({ seed }))
    expect(runs.flatMap(({ seed, problems }) => problems.map((p) => `seed ${seed}: ${p}`))).toEqual([])
    expect(runs.reduce((sum, run) => sum + run.lost, 0)).toBe(0)
    expect(runs.map((run) => run.archived)).toEqual(runs.map((run) => run.sent))
  })

  it('delivers events more than once for reasons of every kind, and for no other', () => {
    const outcomes = runs.flatMap((run) => [...run.sinks.values()])
    for (const cause of CAUSES)
      expect(
        outcomes.reduce((sum, { duplicatesBy }) => sum + duplicatesBy[cause], 0),
        cause,
      ).toBeGreaterThan(SEEDS)
    for (const { duplicates, duplicatesBy } of outcomes)
      expect(Object.values(duplicatesBy).reduce((a, b) => a + b)).toBe(duplicates)
  })

  it('has killed a process after each of the failpoints, in as many more runs as that takes', async () => {
    const killedAfter = new Set(runs.flatMap((run) => [...run.killedAfter]))
    for (let seed = SEEDS + 1; killedAfter.size < FAILPOINTS.length && seed <= MAX_SEEDS; seed++) {
      const run = await modelRun({ seed })
      expect(run.problems, `seed ${seed}`).toEqual([])
      for (const step of run.killedAfter) killedAfter.add(step)
    }
    expect(FAILPOINTS.filter((step) => !killedAfter.has(step))).toEqual([])
  })

  it('has met everything that can go wrong', () => {
    const total = (of: (run: ModelRun) => number) => runs.reduce((sum, run) => sum + of(run), 0)
    expect(total((run) => run.kills)).toBeGreaterThan(SEEDS)
    expect(total((run) => run.faultsInjected)).toBeGreaterThan(SEEDS)
    expect(total((run) => run.answersLost)).toBeGreaterThan(SEEDS / 2)
    const log = runs.flatMap((run) => run.log)
    for (const what of ['hub re-created', 'a long outage', 'killed at rest']) expect(log).toContain(what)
    for (const what of [
      /^checkpoint of/,
      /^host \d has a clock \d+ ms ahead$/,
      /^a garbage row/,
      /^garbage for/,
    ])
      expect(log.some((line) => what.test(line))).toBe(true)
  })

  it('is the same for the same seed', async () => {
    const [first] = runs as [ModelRun]
    const again = await modelRun({ seed: first.seed })
    expect(again.log).toEqual(first.log)
    // `toEqual` takes seconds for so much.
    expect(isDeepStrictEqual(again.received, first.received)).toBe(true)
  })

  it('is another for another seed', () => {
    const [first, second] = runs as [ModelRun, ModelRun]
    expect(second.log).not.toEqual(first.log)
  })
})

describe('a partition that goes from hand to hand, while no process dies and no storage fails', () => {
  it('is delivered again only for as often as another host read it again or answers were lost', async () => {
    const disruptions: Disruptions = {
      ...ALL_DISRUPTIONS,
      crashes: false,
      storage: false,
      clocks: false,
      garbage: false,
    }
    for (const seed of seeds(1, runLength(6, 60))) {
      const { problems } = await modelRun({ seed, disruptions })
      expect(problems, `seed ${seed}`).toEqual([])
    }
  })
})

describe('sinks that only refuse', () => {
  it('get the events of a partition in order and each of them once, whatever hosts read it', async () => {
    for (const seed of seeds(1000, runLength(5, 30))) {
      const { problems, received, sinks } = await modelRun({ seed, disruptions: ONLY_REFUSALS })
      expect(problems, `seed ${seed}`).toEqual([])
      for (const { duplicatesBy } of sinks.values())
        expect(duplicatesBy, `seed ${seed}`).toMatchObject({ answerLost: 0, ranAgain: 0 })
      for (const [sink, events] of received) {
        expect(overtaken(events).map(streamPosition), `${sink}, seed ${seed}`).toEqual([])
      }
    }
  })
})

describe('a run without disruptions', () => {
  it('sees every event once at each sink but for those that two partitions or processes repeat', async () => {
    const calm: Disruptions = {
      ...ALL_DISRUPTIONS,
      crashes: false,
      storage: false,
      reruns: false,
      recreation: false,
      clocks: false,
      garbage: false,
      behaviours: ['up'],
    }
    const { problems, received, kills } = await modelRun({ seed: 5, disruptions: calm })
    expect(problems).toEqual([])
    expect(kills).toBe(0)
    for (const events of received.values()) {
      const positions = events.map((e) => `${e.position.partition}/${streamPosition(e).join('/')}`)
      expect(new Set(positions).size).toBe(positions.length)
    }
  })
})
