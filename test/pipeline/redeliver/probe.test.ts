import { expect, it } from 'vitest'
import type { StoredRow } from '../../../shared/delivery/outbox/outbox.ts'
import { prepare } from '../../../shared/delivery/prepare.ts'
import { instant } from '../../../shared/domain/identifiers.ts'
import { probeOf, splitOffFirst } from '../../../shared/pipeline/redeliver/probe.ts'
import { archivedEventsAt } from '../../support/archived-event-at.ts'
import { scriptedSink } from '../../support/scripted-sink.ts'

const row = (attempts: number, code: 'timeout' | 'allRefused'): StoredRow => ({
  key: '1',
  etag: '1',
  blob: 'v1/blob.jsonl.gz',
  lines: '0-99',
  events: 100,
  enqueuedAt: instant(0),
  firstTriedAt: instant(0),
  attempts,
  lastFault: { code, message: '' },
})

it('a row that keeps failing is tried with half as many events each time, one at last', () => {
  const tries = [2, 3, 4, 5, 6, 7, 8, 9, 10, 5000]
  expect(tries.map((attempts) => probeOf(row(attempts, 'timeout')).events)).toEqual([
    100, 50, 25, 13, 7, 4, 2, 1, 1, 1,
  ])
  expect(probeOf(row(9, 'timeout'))).toEqual({ rows: 1, events: 1, sendFirstAlone: false })
})

it('an event that was refused alone is tried by itself, and with some behind it, three more each time', () => {
  expect([2, 3, 9].map((attempts) => probeOf(row(attempts, 'allRefused')))).toEqual(
    [16, 19, 37].map((reach) => ({ rows: reach, events: reach, sendFirstAlone: true })),
  )
})

it('the first is a delivery of its own, ahead of the others in their order, and no delivery is empty', () => {
  const linesOf = (events: number, maxEvents: number): readonly (readonly number[])[] => {
    const prepared = prepare(scriptedSink({ maxEvents }), archivedEventsAt(1, events))
    return splitOffFirst(prepared).deliveries.map((delivery) => delivery.map(({ archived }) => archived.line))
  }
  expect(linesOf(5, 3)).toEqual([[1], [2, 3], [4, 5]])
  expect(linesOf(2, 1)).toEqual([[1], [2]])
  expect(linesOf(1, 3)).toEqual([[1]])
  expect(linesOf(0, 3)).toEqual([])
})
