import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  advance,
  covers,
  includes,
  meeting,
  mergeRanges,
  type PositionRange,
  type SettledRanges,
} from '../../../shared/delivery/dedup/settled-range.ts'
import { instant } from '../../../shared/domain/identifiers.ts'
import type { Position } from '../../../shared/domain/position.ts'

/** Incarnations of a hub begin their numbers anew and go on in time. */
const at = (sequenceNumber: number, incarnation = 0): Position => ({
  namespace: 'ns',
  hub: 'hub',
  partition: '0',
  sequenceNumber,
  offset: '0',
  enqueuedAt: instant(incarnation * 1_000_000 + sequenceNumber * 1000),
})

describe('settled', () => {
  it('cover what was settled and nothing beyond', () => {
    const known = advance(undefined, { first: at(5), last: at(9) })
    expect(known).toHaveLength(1)
    expect([4, 5, 9, 10].map((n) => covers(known, at(n)))).toEqual([false, true, true, false])
  })

  it('do not cover the same numbers of a re-created hub', () => {
    const known = advance(undefined, { first: at(0), last: at(80) })
    expect(covers(known, at(30, 1))).toBe(false)
  })

  it('begin anew with a re-created hub', () => {
    const known = advance(advance(undefined, { first: at(0), last: at(80) }), {
      first: at(0, 1),
      last: at(3, 1),
    })
    expect(covers(known, at(3, 1))).toBe(true)
  })

  it('do not cover a hole between two settled ranges', () => {
    const known = advance(advance(undefined, { first: at(0), last: at(9) }), { first: at(20), last: at(29) })
    expect(covers(known, at(15))).toBe(false)
  })

  it('never cover a message that was not settled, in any sequence of ranges', () => {
    const range = fc.tuple(fc.nat(60), fc.nat(15), fc.nat(2))
    fc.assert(
      fc.property(fc.array(range, { maxLength: 25 }), (ranges) => {
        const settled = new Set<string>()
        let known: SettledRanges | undefined
        let incarnation = 0
        for (const [from, length, newer] of ranges) {
          incarnation += newer === 2 ? 1 : 0
          for (let n = from; n <= from + length; n++) settled.add(`${incarnation}/${n}`)
          known = advance(known, { first: at(from, incarnation), last: at(from + length, incarnation) })
        }
        const covered = Array.from({ length: 90 }, (_, n) => n).filter((n) =>
          covers(known, at(n, incarnation)),
        )
        expect(covered.filter((n) => !settled.has(`${incarnation}/${n}`))).toEqual([])
      }),
    )
  })

  /**
   * Places whose number and time go their own ways, as over re-creations of a hub and in a clock
   * that was wrong.
   */
  const place = fc
    .tuple(fc.nat(6), fc.nat(6))
    .map(([sequenceNumber, time]) => ({ ...at(sequenceNumber), enqueuedAt: instant(time) }))
  const range: fc.Arbitrary<PositionRange> = fc.record({ first: place, last: place })
  const isWithin = ({ first, last }: PositionRange, p: Position): boolean =>
    p.sequenceNumber >= first.sequenceNumber &&
    p.sequenceNumber <= last.sequenceNumber &&
    p.enqueuedAt >= first.enqueuedAt &&
    p.enqueuedAt <= last.enqueuedAt
  const holds = (outer: PositionRange, { first, last }: PositionRange): boolean =>
    outer.first.sequenceNumber <= first.sequenceNumber &&
    outer.first.enqueuedAt <= first.enqueuedAt &&
    outer.last.sequenceNumber >= last.sequenceNumber &&
    outer.last.enqueuedAt >= last.enqueuedAt
  const markOf = (ranges: readonly PositionRange[]): SettledRanges | undefined =>
    ranges.reduce<SettledRanges | undefined>(advance, undefined)

  it('cover a place exactly where one range does, by number and by time', () => {
    fc.assert(
      fc.property(fc.array(range, { maxLength: 16 }), place, (ranges, p) => {
        expect(covers(markOf(ranges), p)).toBe(ranges.some((s) => isWithin(s, p)))
      }),
      { numRuns: 1000 },
    )
  })

  it('of two processes cover a place exactly where those of one do', () => {
    const some = fc.array(range, { maxLength: 8 })
    fc.assert(
      fc.property(some, some, place, (older, newer, p) => {
        const both = mergeRanges(markOf(older), markOf(newer))
        expect(covers(both, p)).toBe([...older, ...newer].some((s) => isWithin(s, p)))
      }),
      { numRuns: 1000 },
    )
    expect(mergeRanges(undefined, undefined)).toEqual([])
  })

  it('that meet a range are those that have a number of it', () => {
    const known = markOf([0, 10, 20, 30].map((n) => ({ first: at(n), last: at(n + 4) })))
    const met = (first: number, last: number) =>
      meeting(known, { first: at(first), last: at(last) }).map((s) => s.fromSequenceNumber)
    expect([met(14, 20), met(15, 19), met(11, 12), met(0, 40)]).toEqual([[10, 20], [], [10], [0, 10, 20, 30]])
    expect(meeting(undefined, { first: at(0), last: at(1) })).toEqual([])
  })

  it('include a range exactly where one that was settled holds the whole of it', () => {
    fc.assert(
      fc.property(fc.array(range, { maxLength: 16 }), range, (ranges, asked) => {
        expect(includes(markOf(ranges), asked)).toBe(ranges.some((s) => holds(s, asked)))
      }),
      { numRuns: 1000 },
    )
  })

  it('keep no range that another one holds', () => {
    fc.assert(
      fc.property(fc.array(range, { maxLength: 30 }), (ranges) => {
        const known = markOf(ranges) ?? []
        const kept = known.map(
          (s): PositionRange => ({
            first: { ...at(s.fromSequenceNumber), enqueuedAt: s.fromEnqueuedAt },
            last: { ...at(s.toSequenceNumber), enqueuedAt: s.toEnqueuedAt },
          }),
        )
        for (const [i, inner] of kept.entries())
          expect(kept.some((outer, j) => i !== j && holds(outer, inner))).toBe(false)
      }),
      { numRuns: 500 },
    )
  })

  it('are the latest sixteen ranges, oldest first', () => {
    const ranges = Array.from({ length: 20 }, (_, n) => ({ first: at(n * 10), last: at(n * 10 + 5) }))
    expect(markOf(ranges)?.map((s) => s.fromSequenceNumber)).toEqual(
      ranges.slice(4).map(({ first }) => first.sequenceNumber),
    )
  })
})
