import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CauseCounts } from '../../../../local/checks/chaos/duplicates/causes.ts'
import {
  type Explanation,
  explainDuplicates,
} from '../../../../local/checks/chaos/duplicates/explain-duplicates.ts'
import { explainRun } from '../../../../local/checks/chaos/duplicates/explain-run.ts'
import type {
  Arrival,
  Disruption,
  Ingestion,
  RunHistory,
  SinkHistory,
} from '../../../../local/checks/chaos/duplicates/history.ts'

const EVENT = 'abcdefghijklmnop'
/** Since when the archive has all positions. */
const ARCHIVED_AT = 10

const arrival = (at: number, position = '0/7/0', answered = true): Arrival => ({
  eventId: EVENT,
  position,
  partition: position.charAt(0),
  at,
  answered,
})
const disruption = (at: number, scope: Partial<Disruption> = {}): Disruption => ({
  what: 'kill',
  from: at,
  to: at,
  ...scope,
})

interface Given {
  readonly arrivals: readonly Arrival[]
  readonly disruptions?: readonly Disruption[]
  readonly ingestions?: Readonly<Record<string, readonly Ingestion[]>>
  readonly archived?: readonly string[]
}

function explained({
  arrivals,
  disruptions = [],
  ingestions = {},
  archived = ['0/7/0', '1/3/0'],
}: Given): Explanation {
  const history: SinkHistory = { sink: 'webhook', arrivals, ingestions: new Map(Object.entries(ingestions)) }
  const positions = new Map(archived.map((position) => [position, ARCHIVED_AT]))
  const run: RunHistory = {
    startedAt: 0,
    sinks: [history],
    disruptions,
    archived: new Map([[EVENT, positions]]),
  }
  return explainDuplicates(history, run)
}

const by = (counts: Partial<CauseCounts>) => ({
  duplicatesBy: { answerLost: 0, ranAgain: 0, repeatedInStream: 0, ...counts },
  problems: [],
})
const NO_CAUSE = { ...by({}), problems: [expect.stringContaining('for no known cause')] }

describe('an arrival beyond the first of its event', () => {
  it.each<readonly [string, Given, object]>([
    ['one arrival is no duplicate', { arrivals: [arrival(20)] }, by({})],
    [
      'follows an answer that was lost',
      { arrivals: [arrival(20, '0/7/0', false), arrival(21)] },
      by({ answerLost: 1 }),
    ],
    [
      'follows an answer that was lost, whatever struck besides',
      { arrivals: [arrival(20, '0/7/0', false), arrival(22)], disruptions: [disruption(21)] },
      by({ answerLost: 1 }),
    ],
    [
      'follows an answer, and a kill after it',
      { arrivals: [arrival(20), arrival(22)], disruptions: [disruption(21)] },
      by({ ranAgain: 1 }),
    ],
    [
      'follows an answer, and a kill that left two pending deliveries',
      { arrivals: [arrival(20), arrival(20)], disruptions: [disruption(15)] },
      by({ ranAgain: 1 }),
    ],
    [
      'follows what lasts all the while',
      { arrivals: [arrival(20), arrival(22)], disruptions: [disruption(0, { to: 100 })] },
      by({ ranAgain: 1 }),
    ],
    [
      'comes by another position of the stream',
      { arrivals: [arrival(20), arrival(21, '1/3/0')] },
      by({ repeatedInStream: 1 }),
    ],
    [
      'comes by another position, and then runs again there',
      { arrivals: [arrival(20), arrival(21, '1/3/0'), arrival(23, '1/3/0')], disruptions: [disruption(22)] },
      by({ repeatedInStream: 1, ranAgain: 1 }),
    ],
    ['follows an answer and nothing else', { arrivals: [arrival(20), arrival(21)] }, NO_CAUSE],
    [
      'follows a kill before the position was in the archive',
      { arrivals: [arrival(20), arrival(21)], disruptions: [disruption(9)] },
      NO_CAUSE,
    ],
    [
      'comes before the kill',
      { arrivals: [arrival(20), arrival(21)], disruptions: [disruption(22)] },
      NO_CAUSE,
    ],
    [
      'follows what struck another partition',
      { arrivals: [arrival(20), arrival(22)], disruptions: [disruption(21, { partition: '1' })] },
      NO_CAUSE,
    ],
    [
      'follows what struck another sink',
      { arrivals: [arrival(20), arrival(22)], disruptions: [disruption(21, { sink: 'log-analytics' })] },
      NO_CAUSE,
    ],
    [
      'follows a lost answer of another position only',
      { arrivals: [arrival(20, '1/3/0', false), arrival(21), arrival(22)] },
      { ...by({ repeatedInStream: 1 }), problems: NO_CAUSE.problems },
    ],
    [
      'comes by a position at which the archive does not have it',
      { arrivals: [arrival(20), arrival(21, '2/1/0')] },
      NO_CAUSE,
    ],
    [
      'is one more than was struck',
      { arrivals: [arrival(20), arrival(22), arrival(23)], disruptions: [disruption(21)] },
      { ...by({ ranAgain: 1 }), problems: NO_CAUSE.problems },
    ],
    [
      'is one more than answers were lost',
      { arrivals: [arrival(20, '0/7/0', false), arrival(21), arrival(22)] },
      { ...by({ answerLost: 1 }), problems: NO_CAUSE.problems },
    ],
  ])('%s', (_, given, expected) => {
    expect(explained(given)).toEqual(expected)
  })

  it('without a cause is told of with its sink, its event and both arrivals', () => {
    expect(explained({ arrivals: [arrival(20), arrival(1520)] }).problems).toEqual([
      'event abcdefghijkl is at webhook once more for no known cause: from 0/7/0 at 1.520 s; before from 0/7/0 at 0.020 s',
    ])
  })
})

describe('an event that the stream repeats', () => {
  const first: Ingestion = { process: 'one', from: 11, to: 12 }
  const arrivals = [arrival(12), arrival(21, '1/3/0')]
  const HOUR_MS = 3_600_000

  it.each<readonly [string, Ingestion]>([
    ['another process', { process: 'two', from: 20, to: 22 }],
    ['a process that is not known', { from: 20, to: 22 }],
    ['the same process before it was done with the first', { process: 'one', from: 11, to: 22 }],
    ['the same process an hour later', { process: 'one', from: 12 + HOUR_MS, to: 13 + HOUR_MS }],
  ])('may land again when taken in by %s', (_, second) => {
    const ingestions = { '0/7/0': [first], '1/3/0': [second] }
    expect(explained({ arrivals, ingestions })).toEqual(by({ repeatedInStream: 1 }))
  })

  it('may land again when one of the processes that took it in could not know', () => {
    const second: readonly Ingestion[] = [
      { process: 'one', from: 20, to: 21 },
      { process: 'two', from: 30, to: 31 },
    ]
    expect(explained({ arrivals, ingestions: { '0/7/0': [first], '1/3/0': second } })).toEqual(
      by({ repeatedInStream: 1 }),
    )
  })

  it('may not when the only process that took it in had settled it before', () => {
    const ingestions = { '0/7/0': [first], '1/3/0': [{ process: 'one', from: 20, to: 22 }] }
    expect(explained({ arrivals, ingestions })).toEqual(NO_CAUSE)
  })
})

describe('whatever lands and strikes', () => {
  const position = fc.constantFrom('0/7/0', '1/3/0')
  const someArrivals = fc
    .array(fc.record({ at: fc.nat(40), position, answered: fc.boolean(), event: fc.nat(2) }), {
      maxLength: 30,
    })
    .map((list) =>
      list
        .sort((a, b) => a.at - b.at)
        .map(({ at, position: p, answered, event }) => ({
          ...arrival(at, p, answered),
          eventId: `event${event}`,
        })),
    )
  const someDisruptions = fc.array(
    fc.record({ from: fc.nat(40), lastsMs: fc.nat(5), partition: fc.constantFrom('0', '1', undefined) }).map(
      ({ from, lastsMs, partition }): Disruption => ({
        what: 'kill',
        from,
        to: from + lastsMs,
        ...(partition === undefined ? {} : { partition }),
      }),
    ),
    { maxLength: 6 },
  )
  const historyOf = (
    arrivals: readonly Arrival[],
    disruptions: readonly Disruption[],
  ): [SinkHistory, RunHistory] => {
    const history: SinkHistory = { sink: 'webhook', arrivals, ingestions: new Map() }
    const positions = new Map([
      ['0/7/0', 0],
      ['1/3/0', 0],
    ])
    const archived = new Map([0, 1, 2].map((n) => [`event${n}`, positions]))
    return [history, { startedAt: 0, sinks: [history], disruptions, archived }]
  }
  const sum = ({ answerLost, ranAgain, repeatedInStream }: CauseCounts) =>
    answerLost + ranAgain + repeatedInStream
  const duplicatesAmong = (arrivals: readonly Arrival[]) =>
    arrivals.length - new Set(arrivals.map((l) => l.eventId)).size

  it('every duplicate has exactly one cause or is a problem', () => {
    fc.assert(
      fc.property(someArrivals, someDisruptions, (arrivals, disruptions) => {
        const { duplicatesBy, problems } = explainDuplicates(...historyOf(arrivals, disruptions))
        expect(sum(duplicatesBy) + problems.length).toBe(duplicatesAmong(arrivals))
      }),
    )
  })

  it('answers that were all got and a world without disruptions excuse no repetition of a position', () => {
    fc.assert(
      fc.property(someArrivals, (arrivals) => {
        const calm = arrivals.map((l) => ({ ...l, answered: true }))
        const { duplicatesBy, problems } = explainDuplicates(...historyOf(calm, []))
        const positions = new Set(calm.map((l) => `${l.eventId} ${l.position}`))
        expect(duplicatesBy).toMatchObject({ answerLost: 0, ranAgain: 0 })
        expect(problems.length).toBe(calm.length - positions.size)
      }),
    )
  })

  it('one disruption more excuses at most one more arrival of each position', () => {
    fc.assert(
      fc.property(someArrivals, someDisruptions, (arrivals, disruptions) => {
        const [without, within] = [disruptions.slice(1), disruptions].map((some) =>
          explainDuplicates(...historyOf(arrivals, some)),
        )
        const saved = (without?.problems.length ?? 0) - (within?.problems.length ?? 0)
        const positions = new Set(arrivals.map((l) => `${l.eventId} ${l.position}`))
        expect(saved).toBeGreaterThanOrEqual(0)
        expect(saved).toBeLessThanOrEqual(positions.size)
      }),
    )
  })
})

describe('the verdict on a run', () => {
  const [history, run] = [
    { sink: 'webhook', arrivals: [arrival(20), arrival(21)], ingestions: new Map() },
    { startedAt: 0, disruptions: [], archived: new Map([[EVENT, new Map([['0/7/0', 10]])]]) },
  ]
  const verdict = (duplicates: number) =>
    explainRun(
      {
        records: 1,
        archived: 1,
        lost: 0,
        sinks: new Map([['webhook', { received: 1 + duplicates, distinct: 1, deadLettered: 0 }]]),
        problems: ['another'],
      },
      { ...run, sinks: [history] },
    )

  it('has a problem for each duplicate without a cause', () => {
    expect(verdict(1).problems).toEqual(['another', ...NO_CAUSE.problems])
  })

  it('has a problem where the sink holds other duplicates than were seen to land', () => {
    expect(verdict(2).problems).toContain('webhook holds 2 duplicates, of which 1 were seen to land')
  })
})
