import { expect, test } from 'vitest'
import { addSinkTallies, EMPTY_SINK_TALLY, recordsBalance, sinkBalances } from '../../shared/domain/tally.ts'

test('records balance when each is an event, a fault or skipped', () => {
  expect(recordsBalance({ records: 6, events: 3, faults: 2, skipped: 1 })).toBe(true)
  expect(recordsBalance({ records: 7, events: 3, faults: 2, skipped: 1 })).toBe(false)
  expect(recordsBalance({ records: 5, events: 3, faults: 2, skipped: 1 })).toBe(false)
})

test('a sink balances when each event has exactly one outcome', () => {
  const tally = { delivered: 1, pending: 2, deadLettered: 3, duplicate: 4, filtered: 5 }
  expect(sinkBalances(15, tally)).toBe(true)
  expect(sinkBalances(14, tally)).toBe(false)
  expect(sinkBalances(0, EMPTY_SINK_TALLY)).toBe(true)
})

test('tallies of a sink add up end by end', () => {
  const tally = { delivered: 1, pending: 2, deadLettered: 3, duplicate: 4, filtered: 5 }
  expect(addSinkTallies(tally, tally)).toEqual({
    delivered: 2,
    pending: 4,
    deadLettered: 6,
    duplicate: 8,
    filtered: 10,
  })
  expect(addSinkTallies(tally, EMPTY_SINK_TALLY)).toEqual(tally)
})
