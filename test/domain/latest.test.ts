import { describe, expect, test } from 'vitest'
import { instant } from '../../shared/domain/identifiers.ts'
import { compareEvents } from '../../shared/domain/latest.ts'
import type { Position } from '../../shared/domain/position.ts'
import type { RiskEvent } from '../../shared/domain/risk-event.ts'
import { positionOf } from '../support/archive-lines.ts'
import { riskyIdentity } from '../support/archived-events.ts'

const stateAt = (
  lastUpdatedAt: number,
  change: Partial<Position> = {},
  ordinal = 0,
  event: RiskEvent = riskyIdentity('x', { lastUpdatedAt: instant(lastUpdatedAt) }),
) => ({ event, position: positionOf(5, change), ordinal })

describe('of two events the later is told by', () => {
  test.each([
    [
      'the time of the last update',
      stateAt(1, { enqueuedAt: instant(9) }),
      stateAt(2, { enqueuedAt: instant(1) }),
    ],
    [
      'then the time of arrival',
      stateAt(1, { enqueuedAt: instant(1), partition: '9' }),
      stateAt(1, { enqueuedAt: instant(2) }),
    ],
    [
      'then the partition, as a number',
      stateAt(1, { partition: '9', sequenceNumber: 7 }),
      stateAt(1, { partition: '10' }),
    ],
    ['then the sequence number', stateAt(1, { sequenceNumber: 9 }, 3), stateAt(1, { sequenceNumber: 10 })],
    ['then the ordinal', stateAt(1, {}, 9), stateAt(1, {}, 10)],
  ])('%s', (_, earlier, later) => {
    expect(compareEvents(earlier, later)).toBeLessThan(0)
    expect(compareEvents(later, earlier)).toBeGreaterThan(0)
    expect(compareEvents(later, later)).toBe(0)
  })

  test('an order without circles, whatever partitions are called', () => {
    const names = ['10', '1a', '2', '02', '', 'a', 'Infinity']
    const sorted = names.map((partition) => stateAt(1, { partition })).sort(compareEvents)
    for (const [i, a] of sorted.entries())
      for (const b of sorted.slice(i + 1)) expect(compareEvents(a, b)).toBeLessThan(0)
  })
})
