import { describe, expect, it } from 'vitest'
import { expandLines } from '../../../shared/delivery/outbox/line-ranges.ts'
import { type Pointer, replayRows } from '../../../shared/delivery/outbox/replay-rows.ts'
import { instant } from '../../../shared/domain/identifiers.ts'
import { InvariantError } from '../../../shared/domain/invariant-error.ts'
import { archivedEventAt } from '../../support/archived-event-at.ts'

const ASKED = instant(Date.UTC(2026, 2, 2))
const pointers = (lines: readonly number[], blob = 'v1/blob.jsonl.gz'): readonly Pointer[] =>
  lines.map((line) => ({ blob, line, position: archivedEventAt(line).position }))
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i * 2)

describe('the rows of a replay', () => {
  it('point at lines of a blob, from its first message on, and were never tried', () => {
    expect(replayRows(pointers([3, 4, 5, 9]), 'renormalise', ASKED)).toEqual([
      {
        key: expect.any(String),
        blob: 'v1/blob.jsonl.gz',
        lines: '3-5,9',
        events: 4,
        enqueuedAt: archivedEventAt(3).position.enqueuedAt,
        firstTriedAt: ASKED,
        attempts: 0,
        mode: 'renormalise',
      },
    ])
  })

  it('say that they are the retry of dead letters, where they are', () => {
    const rows = replayRows(pointers([3]), 'asArchived', ASKED, true)
    expect(rows.map(({ isRetry }) => isRetry)).toEqual([true])
  })

  it('are none for nothing', () => {
    expect(replayRows([], 'asArchived', ASKED)).toEqual([])
  })

  it.each([
    [999, [999]],
    [1000, [1000]],
    [1001, [1000, 1]],
    [2500, [1000, 1000, 500]],
  ])('of %d lines hold %j: a table property has room for no more', (count, expected) => {
    const rows = replayRows(pointers(upTo(count)), 'asArchived', ASKED)
    expect(rows.map(({ events }) => events)).toEqual(expected)
    expect(rows.flatMap(({ lines }) => expandLines(lines))).toEqual(upTo(count))
    expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length)
    expect(rows.map(({ key }) => key)).toEqual(rows.map(({ key }) => key).sort())
  })

  it('are the same whenever the same is asked for in the same way, and others for anything else', () => {
    const keys = (...asked: Parameters<typeof replayRows>) => replayRows(...asked).map(({ key }) => key)
    const first = keys(pointers([1, 2]), 'asArchived', ASKED)
    expect(keys(pointers([1, 2]), 'asArchived', instant(ASKED + 1))).toEqual(first)
    expect(keys(pointers([1, 2]), 'renormalise', ASKED)).not.toEqual(first)
    expect(keys(pointers([1, 3]), 'asArchived', ASKED)).not.toEqual(first)
    expect(keys(pointers([1, 2], 'v1/other.jsonl.gz'), 'asArchived', ASKED)).not.toEqual(first)
  })

  it('never point at two blobs', () => {
    const mixed = [...pointers([1]), ...pointers([2], 'v1/other.jsonl.gz')]
    expect(() => replayRows(mixed, 'asArchived', ASKED)).toThrow(InvariantError)
  })
})
