import { describe, expect, it } from 'vitest'
import type { FiledLetter } from '../../shared/delivery/letter-book.ts'
import type { StoredRow } from '../../shared/delivery/outbox.ts'
import type { ReadReceipt } from '../../shared/delivery/parse-receipt.ts'
import { instant } from '../../shared/domain/identifiers.ts'
import { EMPTY_SINK_TALLY } from '../../shared/domain/tally.ts'
import { tracedEnd } from '../../shared/pipeline/trace-ends.ts'

const receipt = (atMs: number, changes: Partial<ReadReceipt>): ReadReceipt => ({
  ...EMPTY_SINK_TALLY,
  at: instant(atMs),
  blob: 'b',
  sink: 's',
  attempts: 1,
  tookMs: 1,
  ...changes,
})
const letter = (line: number, diedMs: number): FiledLetter =>
  ({ letter: { line, diedAt: instant(diedMs) }, state: 'open', markers: [] }) as unknown as FiledLetter
const row = (lines: string): StoredRow => ({ lines }) as StoredRow

describe('the end of a record at a sink', () => {
  it.each([
    ['owed while a row points at it', [receipt(1, { owed: 2 })], [row('0-4')], [], 'owed'],
    [
      'settled by the chunk while a row points at others',
      [receipt(1, { delivered: 2, owed: 2 })],
      [row('0-1')],
      [],
      'delivered',
    ],
    ['a dead letter', [receipt(1, { deadLettered: 1 })], [], [letter(3, 1)], 'deadLettered'],
    [
      'delivered after it had died',
      [receipt(1, { deadLettered: 1 }), receipt(2, { delivered: 1, lines: '3' })],
      [],
      [letter(3, 1)],
      'delivered',
    ],
    [
      'a dead letter although its neighbour was delivered again',
      [receipt(2, { delivered: 1, lines: '4' })],
      [],
      [letter(3, 1)],
      'deadLettered',
    ],
    [
      'delivered when its debt was paid',
      [receipt(1, { owed: 2 }), receipt(2, { delivered: 2, lines: '2-3' })],
      [],
      [],
      'delivered',
    ],
    ['one of several', [receipt(1, { delivered: 1, duplicate: 1 })], [], [], 'settled'],
    [
      'delivered before the batch was run again',
      [receipt(1, { delivered: 2 }), receipt(2, { duplicate: 2 })],
      [],
      [],
      'delivered',
    ],
    ['on no receipt', [], [], [], 'noReceipt'],
  ] as const)('%s', (_, receipts, rows, letters, end) => {
    expect(tracedEnd({ line: 3, receipts, rows, letters }, true)).toBe(end)
  })

  it('is filtered where the settings say so and the receipt does not say otherwise', () => {
    const receipts = [receipt(1, { delivered: 1, filtered: 1 })]
    expect(tracedEnd({ line: 3, receipts, rows: [], letters: [] }, false)).toBe('filtered')
  })
})
