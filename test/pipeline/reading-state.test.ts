import { describe, expect, it } from 'vitest'
import { instant } from '../../shared/domain/identifiers.ts'
import type { PartitionProgress } from '../../shared/pipeline/partition-lag.ts'
import { readingState } from '../../shared/pipeline/reading-state.ts'

const at = (
  first: number,
  last: number,
  checkpoint: number | undefined,
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
    ['has a checkpoint of another hub', at(0, 2, 500), { behind: 3, expired: 0, state: 'beyondEnd' }],
  ])('%s', (_, progress, expected) => {
    expect(readingState(progress)).toMatchObject(expected)
  })
})
