import { describe, expect, it } from 'vitest'
import { instant } from '../../../shared/domain/identifiers.ts'
import { readingVerdict } from '../../../shared/operations/doctor/hub-probes.ts'
import type { PartitionProgress } from '../../../shared/operations/status/partition-lag.ts'
import { readingState } from '../../../shared/operations/status/reading-state.ts'

const at = (
  first: number,
  last: number,
  checkpoint: PartitionProgress['checkpoint'],
  isEmpty = false,
): PartitionProgress => ({
  partition: '0',
  firstSequenceNumber: first,
  lastSequenceNumber: last,
  isEmpty,
  lastEnqueuedAt: instant(0),
  checkpoint,
})

describe('how far the app has come', () => {
  it.each([
    ['is at the end', at(0, 9, 9), { behind: 0, expired: 0, state: 'reading' }],
    ['is behind', at(0, 9, 3), { behind: 6, expired: 0, state: 'reading' }],
    ['has lost what the hub dropped', at(6, 9, 3), { behind: 4, expired: 2, state: 'reading' }],
    ['has lost all of it', at(10, 9, 3, true), { behind: 0, expired: 6, state: 'reading' }],
    ['has not begun', at(2, 9, undefined), { behind: 8, expired: 0, state: 'neverRead' }],
    ['has nothing to begin with', at(0, -1, undefined, true), { behind: 0, expired: 0, state: 'neverRead' }],
    ['is not known', at(0, 9, 'unknown'), { behind: undefined, expired: 0, state: 'unknown' }],
    ['has a checkpoint of another hub', at(0, 2, 500), { behind: 3, expired: 0, state: 'beyondEnd' }],
  ])('%s', (_, progress, expected) => {
    expect(readingState(progress)).toMatchObject(expected)
  })
})

describe('what the doctor makes of it', () => {
  const verdictOn = (...progress: readonly PartitionProgress[]) => readingVerdict(progress.map(readingState))

  it.each([
    ['all is read', [at(0, 9, 9)], 'ok', '1 partition, 0 messages behind.'],
    ['some is not', [at(0, 9, 3), at(0, 4, undefined)], 'ok', '2 partitions, 11 messages behind.'],
    [
      'one checkpoint does not tell',
      [at(0, 9, 9), { ...at(0, 9, 'unknown'), partition: '3' }],
      'warn',
      'The checkpoint of partition 3 has no sequence number that can be read.',
    ],
    ['the hub was re-created', [at(0, 2, 500)], 'fail', /re-created/],
    ['something was dropped', [at(6, 9, 3)], 'fail', /dropped 2 messages/],
  ] as const)('where %s', (_, progress, level, says) => {
    const verdict = verdictOn(...progress)
    expect(verdict.level).toBe(level)
    expect(verdict.says).toMatch(says)
  })
})
