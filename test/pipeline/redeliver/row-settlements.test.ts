import { expect, it } from 'vitest'
import type { StoredRow } from '../../../shared/delivery/outbox/outbox.ts'
import { OUT_OF_TIME } from '../../../shared/delivery/send/attempt.ts'
import { recordFault, transientFault } from '../../../shared/domain/fault.ts'
import { instant } from '../../../shared/domain/identifiers.ts'
import {
  distinctEvents,
  RowSettlements,
  untried,
} from '../../../shared/pipeline/redeliver/row-settlements.ts'
import { archivedEventsAt } from '../../support/archived-event-at.ts'

const DOWN = transientFault('unavailable', 'down')
const REFUSED = recordFault('payloadRefused', 'no')
const EVENTS = archivedEventsAt(0, 6)
const at = (...numbers: readonly number[]) => EVENTS.filter((_, n) => numbers.includes(n))
const row: StoredRow = {
  key: 'key',
  etag: 'etag',
  blob: 'v1/blob.jsonl.gz',
  lines: '0',
  events: 1,
  enqueuedAt: instant(0),
  firstTriedAt: instant(0),
  attempts: 1,
}
const pendingRow = (...numbers: readonly number[]) => ({
  row,
  events: at(...numbers),
  faults: [],
  skipped: 0,
})

it('each row gets the outcomes of its own events, and the requests that carried one of them', () => {
  const rows = [pendingRow(0, 1, 2, 3), pendingRow(3, 4, 5), pendingRow(6)]
  expect(distinctEvents(rows)).toEqual(EVENTS)
  const [first, second] = [
    { id: 'first', status: 503, events: at(0, 1, 3) },
    { id: 'second', status: 204, events: at(4) },
  ]
  const settlements = new RowSettlements(
    {
      delivered: at(0, 4),
      pending: at(1).map((archived) => ({ archived, fault: DOWN })),
      deadLettered: at(3).map((archived) => ({ archived, fault: REFUSED })),
      duplicate: [],
      filtered: at(2, 5),
      requests: [first, second],
    },
    at(6),
  )
  expect(rows.map((one) => settlements.of(one).outcomes)).toEqual([
    {
      delivered: at(0),
      pending: [{ archived: EVENTS[1], fault: DOWN }],
      deadLettered: [{ archived: EVENTS[3], fault: REFUSED }],
      duplicate: [],
      filtered: at(2),
      requests: [first],
    },
    {
      delivered: at(4),
      pending: [],
      deadLettered: [{ archived: EVENTS[3], fault: REFUSED }],
      duplicate: [],
      filtered: at(5),
      requests: [{ ...first, events: at(3) }, second],
    },
    {
      delivered: [],
      pending: [{ archived: EVENTS[6], fault: OUT_OF_TIME }],
      deadLettered: [],
      duplicate: [],
      filtered: [],
      requests: [],
    },
  ])
  const [, , last] = rows
  expect(last && untried(last)).toEqual(last && settlements.of(last))
})
