import { describe, expect, it } from 'vitest'
import {
  firstSequenceNumber,
  isReplayPartition,
  outboxPartitionOf,
  partitionOf,
  pendingRows,
  pendingSince,
  replayPartitionOf,
} from '../../../shared/delivery/outbox/outbox.ts'
import { transientFault } from '../../../shared/domain/fault.ts'
import { instant } from '../../../shared/domain/identifiers.ts'
import { archivedEventAt } from '../../support/archived-event-at.ts'

const TRIED = instant(Date.UTC(2026, 2, 1, 10))
const DOWN = transientFault('unavailable', 'down')

describe('the rows of what is pending', () => {
  const rowsOf = (...events: readonly (readonly [line: number, blob?: string])[]) =>
    pendingRows(
      events.map(([n, blob]) => ({
        archived: archivedEventAt(n, blob === undefined ? {} : { blob }),
        fault: DOWN,
      })),
      TRIED,
    )

  it('are none for nothing', () => {
    expect(rowsOf()).toEqual([])
  })

  it('point at one archive blob each', () => {
    const rows = rowsOf([1, 'v1/a'], [2, 'v1/a'], [3, 'v1/b'], [4, 'v1/a'])
    expect(rows.map(({ blob, lines, events }) => [blob, lines, events])).toEqual([
      ['v1/a', '1-2', 2],
      ['v1/b', '3', 1],
      ['v1/a', '4', 1],
    ])
  })

  it('are others for any other lines or blob, though they begin at the same message', () => {
    const keys = [rowsOf([1]), rowsOf([1], [2]), rowsOf([1, 'v1/other'])].map(([row]) => row?.key)
    expect(new Set(keys).size).toBe(3)
    expect(rowsOf([1], [2])[0]?.key).toBe(keys[1])
  })

  it('tell the sequence number of their first message', () => {
    const [row] = rowsOf([4711], [4712])
    expect(row === undefined ? undefined : firstSequenceNumber(row)).toBe(4711)
  })
})

describe('the outbox partition of what an operator asks for', () => {
  const { position } = archivedEventAt(0)
  const streamed = outboxPartitionOf('webhook', position)
  const replayed = replayPartitionOf('webhook', position)

  it('is one of its own, of the same partition of the stream', () => {
    expect(replayed).toEqual({ ...streamed, partition: `${position.partition}~replay` })
    expect([streamed, replayed].map(partitionOf)).toEqual([position.partition, position.partition])
  })

  it('is told from that of the stream', () => {
    expect([streamed, replayed].map(isReplayPartition)).toEqual([false, true])
  })
})

describe('a row is pending', () => {
  const NOW = 10_000
  it.each([
    ['since it was first tried', { firstTriedAt: 9000 }, 9000],
    ['since it was first tried, if that is now', { firstTriedAt: NOW, writtenAt: 9500 }, NOW],
    ['not longer than its message is there', { firstTriedAt: 1000 }, 8000],
    [
      'since it was written, if it was first tried in the future',
      { firstTriedAt: 10_001, writtenAt: 9500 },
      9500,
    ],
    ['since now, if both lie in the future', { firstTriedAt: 10_001, writtenAt: 10_002 }, NOW],
    ['since now, if nothing else is known', { firstTriedAt: 10_001 }, NOW],
  ])('%s', (_, { firstTriedAt, ...written }: { firstTriedAt: number; writtenAt?: number }, since) => {
    const { writtenAt } = written
    const row = {
      firstTriedAt: instant(firstTriedAt),
      enqueuedAt: instant(8000),
      ...(writtenAt === undefined ? {} : { writtenAt: instant(writtenAt) }),
    }
    expect(pendingSince(row, NOW)).toBe(since)
  })
})
