import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CauseCounts } from '../../../../local/checks/chaos/duplicates/causes.ts'
import {
  type Explanation,
  explainDuplicates,
} from '../../../../local/checks/chaos/duplicates/explain-duplicates.ts'
import { explainRun } from '../../../../local/checks/chaos/duplicates/explain-run.ts'
import type {
  Landing,
  RunStory,
  SinkStory,
  TakenIn,
  Upset,
} from '../../../../local/checks/chaos/duplicates/story.ts'

const EVENT = 'abcdefghijklmnop'
/** Since when the archive has all places. */
const ARCHIVED_AT = 10

const landing = (at: number, place = '0/7/0', answered = true): Landing => ({
  eventId: EVENT,
  place,
  partition: place.charAt(0),
  at,
  answered,
})
const upset = (at: number, scope: Partial<Upset> = {}): Upset => ({
  what: 'kill',
  from: at,
  to: at,
  ...scope,
})

interface Given {
  readonly landings: readonly Landing[]
  readonly upsets?: readonly Upset[]
  readonly takenIn?: Readonly<Record<string, readonly TakenIn[]>>
  readonly archived?: readonly string[]
}

function explained({
  landings,
  upsets = [],
  takenIn = {},
  archived = ['0/7/0', '1/3/0'],
}: Given): Explanation {
  const story: SinkStory = { sink: 'webhook', landings, takenIn: new Map(Object.entries(takenIn)) }
  const places = new Map(archived.map((place) => [place, ARCHIVED_AT]))
  const run: RunStory = { startedAt: 0, sinks: [story], upsets, archived: new Map([[EVENT, places]]) }
  return explainDuplicates(story, run)
}

const by = (counts: Partial<CauseCounts>) => ({
  duplicatesBy: { answerLost: 0, ranAgain: 0, repeatedInStream: 0, ...counts },
  problems: [],
})
const NO_CAUSE = { ...by({}), problems: [expect.stringContaining('for no known cause')] }

describe('a landing beyond the first of its event', () => {
  it.each<readonly [string, Given, object]>([
    ['one landing is no duplicate', { landings: [landing(20)] }, by({})],
    [
      'follows an answer that was lost',
      { landings: [landing(20, '0/7/0', false), landing(21)] },
      by({ answerLost: 1 }),
    ],
    [
      'follows an answer that was lost, whatever struck besides',
      { landings: [landing(20, '0/7/0', false), landing(22)], upsets: [upset(21)] },
      by({ answerLost: 1 }),
    ],
    [
      'follows an answer, and a kill after it',
      { landings: [landing(20), landing(22)], upsets: [upset(21)] },
      by({ ranAgain: 1 }),
    ],
    [
      'follows an answer, and a kill that left two debts',
      { landings: [landing(20), landing(20)], upsets: [upset(15)] },
      by({ ranAgain: 1 }),
    ],
    [
      'follows what lasts all the while',
      { landings: [landing(20), landing(22)], upsets: [upset(0, { to: 100 })] },
      by({ ranAgain: 1 }),
    ],
    [
      'comes by another place of the stream',
      { landings: [landing(20), landing(21, '1/3/0')] },
      by({ repeatedInStream: 1 }),
    ],
    [
      'comes by another place, and then runs again there',
      { landings: [landing(20), landing(21, '1/3/0'), landing(23, '1/3/0')], upsets: [upset(22)] },
      by({ repeatedInStream: 1, ranAgain: 1 }),
    ],
    ['follows an answer and nothing else', { landings: [landing(20), landing(21)] }, NO_CAUSE],
    [
      'follows a kill before the place was in the archive',
      { landings: [landing(20), landing(21)], upsets: [upset(9)] },
      NO_CAUSE,
    ],
    ['comes before the kill', { landings: [landing(20), landing(21)], upsets: [upset(22)] }, NO_CAUSE],
    [
      'follows what struck another partition',
      { landings: [landing(20), landing(22)], upsets: [upset(21, { partition: '1' })] },
      NO_CAUSE,
    ],
    [
      'follows what struck another sink',
      { landings: [landing(20), landing(22)], upsets: [upset(21, { sink: 'log-analytics' })] },
      NO_CAUSE,
    ],
    [
      'follows a lost answer of another place only',
      { landings: [landing(20, '1/3/0', false), landing(21), landing(22)] },
      { ...by({ repeatedInStream: 1 }), problems: NO_CAUSE.problems },
    ],
    [
      'comes by a place at which the archive does not have it',
      { landings: [landing(20), landing(21, '2/1/0')] },
      NO_CAUSE,
    ],
    [
      'is one more than was struck',
      { landings: [landing(20), landing(22), landing(23)], upsets: [upset(21)] },
      { ...by({ ranAgain: 1 }), problems: NO_CAUSE.problems },
    ],
    [
      'is one more than answers were lost',
      { landings: [landing(20, '0/7/0', false), landing(21), landing(22)] },
      { ...by({ answerLost: 1 }), problems: NO_CAUSE.problems },
    ],
  ])('%s', (_, given, expected) => {
    expect(explained(given)).toEqual(expected)
  })

  it('without a cause is told of with its sink, its event and both landings', () => {
    expect(explained({ landings: [landing(20), landing(1520)] }).problems).toEqual([
      'event abcdefghijkl is at webhook once more for no known cause: from 0/7/0 at 1.520 s; before from 0/7/0 at 0.020 s',
    ])
  })
})

describe('an event that the stream repeats', () => {
  const first: TakenIn = { process: 'one', from: 11, to: 12 }
  const landings = [landing(12), landing(21, '1/3/0')]
  const HOUR_MS = 3_600_000

  it.each<readonly [string, TakenIn]>([
    ['another process', { process: 'two', from: 20, to: 22 }],
    ['a process that is not known', { from: 20, to: 22 }],
    ['the same process before it was done with the first', { process: 'one', from: 11, to: 22 }],
    ['the same process an hour later', { process: 'one', from: 12 + HOUR_MS, to: 13 + HOUR_MS }],
  ])('may land again when taken in by %s', (_, second) => {
    const takenIn = { '0/7/0': [first], '1/3/0': [second] }
    expect(explained({ landings, takenIn })).toEqual(by({ repeatedInStream: 1 }))
  })

  it('may land again when one of the processes that took it in could not know', () => {
    const second: readonly TakenIn[] = [
      { process: 'one', from: 20, to: 21 },
      { process: 'two', from: 30, to: 31 },
    ]
    expect(explained({ landings, takenIn: { '0/7/0': [first], '1/3/0': second } })).toEqual(
      by({ repeatedInStream: 1 }),
    )
  })

  it('may not when the only process that took it in had settled it before', () => {
    const takenIn = { '0/7/0': [first], '1/3/0': [{ process: 'one', from: 20, to: 22 }] }
    expect(explained({ landings, takenIn })).toEqual(NO_CAUSE)
  })
})

describe('whatever lands and strikes', () => {
  const place = fc.constantFrom('0/7/0', '1/3/0')
  const someLandings = fc
    .array(fc.record({ at: fc.nat(40), place, answered: fc.boolean(), event: fc.nat(2) }), { maxLength: 30 })
    .map((list) =>
      list
        .sort((a, b) => a.at - b.at)
        .map(({ at, place: p, answered, event }) => ({
          ...landing(at, p, answered),
          eventId: `event${event}`,
        })),
    )
  const someUpsets = fc.array(
    fc.record({ from: fc.nat(40), lastsMs: fc.nat(5), partition: fc.constantFrom('0', '1', undefined) }).map(
      ({ from, lastsMs, partition }): Upset => ({
        what: 'kill',
        from,
        to: from + lastsMs,
        ...(partition === undefined ? {} : { partition }),
      }),
    ),
    { maxLength: 6 },
  )
  const storyOf = (landings: readonly Landing[], upsets: readonly Upset[]): [SinkStory, RunStory] => {
    const story: SinkStory = { sink: 'webhook', landings, takenIn: new Map() }
    const places = new Map([
      ['0/7/0', 0],
      ['1/3/0', 0],
    ])
    const archived = new Map([0, 1, 2].map((n) => [`event${n}`, places]))
    return [story, { startedAt: 0, sinks: [story], upsets, archived }]
  }
  const sum = ({ answerLost, ranAgain, repeatedInStream }: CauseCounts) =>
    answerLost + ranAgain + repeatedInStream
  const duplicatesAmong = (landings: readonly Landing[]) =>
    landings.length - new Set(landings.map((l) => l.eventId)).size

  it('every duplicate has exactly one cause or is a problem', () => {
    fc.assert(
      fc.property(someLandings, someUpsets, (landings, upsets) => {
        const { duplicatesBy, problems } = explainDuplicates(...storyOf(landings, upsets))
        expect(sum(duplicatesBy) + problems.length).toBe(duplicatesAmong(landings))
      }),
    )
  })

  it('answers that were all got and a world without upsets excuse no repetition of a place', () => {
    fc.assert(
      fc.property(someLandings, (landings) => {
        const calm = landings.map((l) => ({ ...l, answered: true }))
        const { duplicatesBy, problems } = explainDuplicates(...storyOf(calm, []))
        const places = new Set(calm.map((l) => `${l.eventId} ${l.place}`))
        expect(duplicatesBy).toMatchObject({ answerLost: 0, ranAgain: 0 })
        expect(problems.length).toBe(calm.length - places.size)
      }),
    )
  })

  it('one upset more excuses at most one more landing of each place', () => {
    fc.assert(
      fc.property(someLandings, someUpsets, (landings, upsets) => {
        const [without, within] = [upsets.slice(1), upsets].map((some) =>
          explainDuplicates(...storyOf(landings, some)),
        )
        const saved = (without?.problems.length ?? 0) - (within?.problems.length ?? 0)
        const places = new Set(landings.map((l) => `${l.eventId} ${l.place}`))
        expect(saved).toBeGreaterThanOrEqual(0)
        expect(saved).toBeLessThanOrEqual(places.size)
      }),
    )
  })
})

describe('the verdict on a run', () => {
  const [story, run] = [
    { sink: 'webhook', landings: [landing(20), landing(21)], takenIn: new Map() },
    { startedAt: 0, upsets: [], archived: new Map([[EVENT, new Map([['0/7/0', 10]])]]) },
  ]
  const verdict = (duplicates: number) =>
    explainRun(
      {
        records: 1,
        archived: 1,
        lost: 0,
        sinks: new Map([['webhook', { landed: 1 + duplicates, distinct: 1, deadLettered: 0 }]]),
        problems: ['another'],
      },
      { ...run, sinks: [story] },
    )

  it('has a problem for each duplicate without a cause', () => {
    expect(verdict(1).problems).toEqual(['another', ...NO_CAUSE.problems])
  })

  it('has a problem where the sink holds other duplicates than were seen to land', () => {
    expect(verdict(2).problems).toContain('webhook holds 2 duplicates, of which 1 were seen to land')
  })
})
