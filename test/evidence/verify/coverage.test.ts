import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PartitionLeaf } from '../../../shared/evidence/leaf.ts'
import { coverageOf } from '../../../shared/evidence/verify/coverage.ts'
import type { Finding } from '../../../shared/evidence/verify/finding.ts'
import { holesOfLost, inSequence, type Range } from '../../../shared/evidence/verify/holes.ts'

const PLACE = { namespace: 'ns', hub: 'hub', partition: '0' }
const at = (day: number): string => `2026-11-${String(day).padStart(2, '0')}T00:00:00.000Z`

const range = (first: number, last: number, day = 10): Range => ({
  ...PLACE,
  name: `${first}-${last} of day ${day}`,
  firstSequenceNumber: first,
  lastSequenceNumber: last,
  firstEnqueuedAt: at(day),
  lastEnqueuedAt: at(day),
})

const told = (lastSequenceNumber: number, leaf: Partial<PartitionLeaf> = {}): PartitionLeaf => ({
  v: 1,
  type: 'partition',
  ...PLACE,
  at: at(20),
  hubCreatedAt: at(1),
  isEmpty: false,
  beginningSequenceNumber: 0,
  lastSequenceNumber,
  lastEnqueuedAt: at(20),
  ...leaf,
})

function covered(held: readonly Range[], leaves: readonly PartitionLeaf[], lost: readonly Range[] = []) {
  const findings: Finding[] = []
  const partitions = coverageOf(held, lost, leaves, findings)
  return { partitions, found: findings.map((one) => `${one.class} ${one.detail}`) }
}

describe('coverage over two incarnations of a hub', () => {
  const again = { hubCreatedAt: at(15) }

  it('is told for each of them, and that there is a new one', () => {
    const { partitions, found } = covered([range(0, 9), range(0, 4, 16)], [told(9), told(4, again)])
    expect(found).toEqual([`NEW_INCARNATION created at ${at(15)}`])
    expect(partitions).toMatchObject([
      { incarnation: at(1), first: 0, last: 9, missing: 0, pending: 0 },
      { incarnation: at(15), first: 0, last: 4, missing: 0, pending: 0 },
    ])
  })

  it('does not fill a hole of one with numbers of the other', () => {
    const { partitions, found } = covered(
      [range(0, 3), range(6, 9), range(0, 9, 16)],
      [told(9), told(9, again)],
    )
    expect(found[1]).toMatch(/^GAP sequence numbers 4 to 5,/)
    expect(partitions.map(({ missing }) => missing)).toEqual([2, 0])
  })

  it('what was unread when the hub was deleted is lost', () => {
    const { partitions, found } = covered([range(0, 4), range(0, 4, 16)], [told(9), told(4, again)])
    expect(found[1]).toMatch(/^GAP sequence numbers 5 to 9 were never archived/)
    expect(partitions).toMatchObject([{ missing: 5, pending: 0 }, { missing: 0 }])
  })
})

describe('the tail that was not read', () => {
  it('is pending while the hub has it, and a gap once it expired there', () => {
    expect(covered([range(0, 4)], [told(9)]).found).toEqual([`PENDING 5 messages behind 4, at ${at(20)}`])
    const expired = covered([range(0, 4)], [told(9, { beginningSequenceNumber: 7 })])
    expect(expired.found).toEqual([expect.stringMatching(/^GAP sequence numbers 5 to 6 were never archived/)])
    expect(expired.partitions).toMatchObject([{ missing: 2, pending: 3 }])
    const empty = covered([range(0, 4)], [told(9, { isEmpty: true })])
    expect(empty.partitions).toMatchObject([{ missing: 5, pending: 0 }])
  })

  it('is no more than what is behind the last sealed message, if that is lost', () => {
    const { partitions, found } = covered([range(0, 4)], [told(9)], [range(5, 7)])
    expect(found).toEqual([`PENDING 2 messages behind 7, at ${at(20)}`])
    expect(partitions).toMatchObject([{ last: 4, missing: 3, pending: 2, gaps: [{ first: 5, last: 7 }] }])
  })
})

describe('holes of lost blobs', () => {
  const anyRange = fc
    .tuple(fc.nat(60), fc.nat(12), fc.nat(1_000_000))
    .map(([first, length, id]) => ({ ...range(first, first + length), name: `blob ${id}` }))

  it('are exactly the numbers of lost blobs that no other blob holds, each once', () => {
    fc.assert(
      fc.property(
        fc.array(anyRange, { maxLength: 8 }),
        fc.array(anyRange, { maxLength: 8 }),
        (lost, held) => {
          const numbersOf = (ranges: readonly Range[]) =>
            ranges.flatMap(({ firstSequenceNumber: first, lastSequenceNumber: last }) =>
              Array.from({ length: last - first + 1 }, (_, n) => first + n),
            )
          const there = new Set(numbersOf(held))
          const gone = [...new Set(numbersOf(lost))]
            .filter((number) => !there.has(number))
            .sort((a, b) => a - b)
          const holes = holesOfLost(inSequence(lost), inSequence(held)).flatMap(({ first, last }) =>
            Array.from({ length: last - first + 1 }, (_, n) => first + n),
          )
          expect(holes).toEqual(gone)
        },
      ),
    )
  })
})
