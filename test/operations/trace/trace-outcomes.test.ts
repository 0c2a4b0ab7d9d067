import { describe, expect, it } from 'vitest'
import type { FiledDeadLetter } from '../../../shared/delivery/dead-letters/dead-letter-reader.ts'
import type { StoredRow } from '../../../shared/delivery/outbox/outbox.ts'
import type { ReadReceipt } from '../../../shared/delivery/receipts/parse-receipt.ts'
import { instant } from '../../../shared/domain/identifiers.ts'
import { EMPTY_SINK_TALLY } from '../../../shared/domain/tally.ts'
import { tracedOutcome } from '../../../shared/operations/trace/trace-outcomes.ts'

const LINE = 3

const receipt = (
  atMs: number,
  outcomes: ReadReceipt['outcomes'],
  changes: Partial<Pick<ReadReceipt, 'lines' | 'filtered'>> = {},
): ReadReceipt => ({
  ...EMPTY_SINK_TALLY,
  at: instant(atMs),
  blob: 'b',
  sink: 's',
  attempts: 1,
  tookMs: 1,
  requests: [],
  ...changes,
  outcomes,
})
const deadLetter = (line: number, deadLetteredMs: number): FiledDeadLetter =>
  ({
    deadLetter: { line, deadLetteredAt: instant(deadLetteredMs) },
    state: 'open',
    actions: [],
  }) as unknown as FiledDeadLetter
const row = (lines: string): StoredRow => ({ lines }) as StoredRow

describe('the end of a record at a sink', () => {
  it.each([
    ['pending while a row points at it', [receipt(1, { pending: '0-4' })], [row('0-4')], [], 'pending'],
    [
      'delivered with its chunk while a row points at others',
      [receipt(1, { delivered: '2-3', pending: '0-1' })],
      [row('0-1')],
      [],
      'delivered',
    ],
    ['a dead letter', [receipt(1, { deadLettered: '3' })], [], [deadLetter(LINE, 1)], 'deadLettered'],
    [
      'a dead letter although its neighbours were delivered in the same chunk',
      [receipt(1, { delivered: '0-2', deadLettered: '3' })],
      [],
      [deadLetter(LINE, 1)],
      'deadLettered',
    ],
    [
      'a dead letter by the receipt alone, once the dead letter is gone',
      [receipt(1, { deadLettered: '3' })],
      [],
      [],
      'deadLettered',
    ],
    [
      'delivered after it had been dead-lettered',
      [receipt(1, { deadLettered: '3' }), receipt(2, { delivered: '3' }, { lines: '3' })],
      [],
      [deadLetter(LINE, 1)],
      'delivered',
    ],
    [
      'a dead letter although its neighbour was delivered again',
      [receipt(2, { delivered: '4' }, { lines: '4' })],
      [],
      [deadLetter(LINE, 1)],
      'deadLettered',
    ],
    [
      'delivered although a replay of it was dead-lettered later',
      [receipt(1, { delivered: '0-4' }), receipt(2, { deadLettered: '3' }, { lines: '3' })],
      [],
      [deadLetter(LINE, 2)],
      'delivered',
    ],
    [
      'delivered when its pending delivery was redelivered',
      [receipt(1, { pending: '2-3' }), receipt(2, { delivered: '2-3' }, { lines: '2-3' })],
      [],
      [],
      'delivered',
    ],
    [
      'not on file when its pending delivery is gone and no receipt says how',
      [receipt(1, { pending: '2-3' })],
      [],
      [],
      'noReceipt',
    ],
    [
      'its own, not that of the chunk',
      [receipt(1, { delivered: '0-2', duplicate: '3' })],
      [],
      [],
      'duplicate',
    ],
    [
      'delivered before the batch was run again',
      [receipt(1, { delivered: '0-3' }), receipt(2, { duplicate: '0-3' })],
      [],
      [],
      'delivered',
    ],
    ['filtered', [receipt(1, { delivered: '0-2', filtered: '3-4' })], [], [], 'filtered'],
    [
      'filtered when it was replayed and is exported no more',
      [receipt(2, { delivered: '1-2' }, { lines: '1-3', filtered: 1 })],
      [],
      [],
      'filtered',
    ],
    ['on no receipt', [], [], [], 'noReceipt'],
    ['on none that speaks of it', [receipt(1, { delivered: '0-2' })], [], [], 'noReceipt'],
  ] as const)('%s', (_, receipts, rows, deadLetters, end) => {
    expect(tracedOutcome({ line: LINE, receipts, rows, deadLetters })).toBe(end)
  })
})
