import fc from 'fast-check'
import { expect, test } from 'vitest'
import { rowCheck } from '../../../local/emulators/logs-ingestion/check-row.ts'
import { type Field, slotOf } from '../../../shared/domain/event-fields.ts'
import type { ArchivedEvent } from '../../../shared/domain/exported-event.ts'
import { instant } from '../../../shared/domain/identifiers.ts'
import type { Json } from '../../../shared/encoding/json.ts'
import { CELL_WRITERS } from '../../../shared/sinks/log-analytics/cell.ts'
import type { ColumnType, Table } from '../../../shared/sinks/log-analytics/column.ts'
import { detectionsTable } from '../../../shared/sinks/log-analytics/detections-table.ts'
import { logRow } from '../../../shared/sinks/log-analytics/log-row.ts'
import { type RowWriter, rowHead, rowWriter } from '../../../shared/sinks/log-analytics/row-writer.ts'
import { tableDeclarations } from '../../../shared/sinks/log-analytics/tables.ts'
import { arbitraryArchivedEvent } from '../../support/arbitrary-events.ts'
import { archived, detection } from '../../support/archived-events.ts'
import { spanText } from '../../support/event-forms.ts'
import { runLength } from '../../support/run-length.ts'

const SENT_AT = '2026-03-01T12:00:00.000Z'

test('the row of any event fits the columns of its table, by name and type', () => {
  const checks = new Map(tableDeclarations().map((table) => [table.stream, rowCheck(table)]))
  fc.assert(
    fc.property(arbitraryArchivedEvent, (event) => {
      const row = logRow(event, 1_000_000)
      const text = rowHead(SENT_AT) + spanText(row)
      expect(checks.get(row.route)?.(JSON.parse(text))).toBeUndefined()
    }),
    { numRuns: runLength(100, 300) },
  )
})

function written(
  table: Table,
  { event }: ArchivedEvent,
  maxCellBytes: number,
  write: RowWriter = rowWriter(table),
): string {
  const { memory } = event.fields
  const start = memory.length
  write(event.fields, maxCellBytes, false)
  return memory.since(start).toString()
}

test('the row holds what the declared columns say, and no empty cells', () => {
  const event = archived(detection('a', { evidence: 'He said "no" \\ \u2028 \ud800' }))
  const cells = JSON.parse(rowHead(SENT_AT) + written(detectionsTable, event, 65_536))
  const { fields } = event.event
  const declared = detectionsTable.columns.flatMap(({ name, from }) => {
    if (from === 'isBackfilled') return []
    const cell = from === 'timeOfSending' ? SENT_AT : fields.parse(slotOf(from as Field))
    return cell === undefined ? [] : [[name, cell] as const]
  })
  expect(cells).toEqual(Object.fromEntries(declared))
})

test('a row says that it is history if it comes by a replay, or by Graph a day late, and not if it is late because a sink was down', () => {
  const isMarked = (event: ArchivedEvent): unknown =>
    JSON.parse(rowHead(SENT_AT) + spanText(logRow(event, 1_000_000))).IsBackfilled
  const DAY_MS = 24 * 60 * 60_000
  const ofGraph = (ageMs: number): ArchivedEvent => {
    const event = archived(detection('a', { origin: 'graph' }))
    const enqueuedAt = instant(event.event.lastUpdatedAt + ageMs)
    return { ...event, position: { ...event.position, enqueuedAt } }
  }
  expect(isMarked(archived(detection('a')))).toBeUndefined()
  expect(isMarked({ ...archived(detection('a')), isReplay: true })).toBe(true)
  expect(isMarked(ofGraph(DAY_MS))).toBeUndefined()
  expect(isMarked(ofGraph(DAY_MS + 1))).toBe(true)
})

test('a row is the same whatever rows were written before it', () => {
  const limits = fc.constantFrom(65_536, 16_384, 2_048)
  const write = rowWriter(detectionsTable)
  const wide = fc.constant(archived(detection('a', { evidence: 'é'.repeat(3_000) })))
  const events = fc.array(fc.tuple(fc.oneof(wide, arbitraryArchivedEvent), limits), { minLength: 2 })
  fc.assert(
    fc.property(events, (sequence) => {
      for (const [{ event, ...evidence }, maxCellBytes] of sequence) {
        if (event.kind !== 'riskDetection') continue
        const a = { ...evidence, event }
        expect(written(detectionsTable, a, maxCellBytes, write)).toBe(
          written(detectionsTable, a, maxCellBytes),
        )
      }
    }),
    { numRuns: runLength(40, 100) },
  )
})

const CELLS: readonly (readonly [ColumnType, Json | undefined, string | undefined])[] = [
  ['string', 'plain', '"plain"'],
  ['string', '', '""'],
  ['string', 'quote " and \n', '"quote \\" and \\n"'],
  ['string', { a: 1 }, '"{\\"a\\":1}"'],
  ['string', 7, '"7"'],
  ['string', null, undefined],
  ['string', undefined, undefined],
  ['dynamic', ['a'], '["a"]'],
  ['dynamic', 'text', '"text"'],
  ['dynamic', null, undefined],
  ['boolean', false, 'false'],
  ['boolean', 'false', undefined],
  ['int', 2_147_483_647, '2147483647'],
  ['int', 2_147_483_648, undefined],
  ['int', 1.5, undefined],
  ['long', 2 ** 53 - 1, '9007199254740991'],
  ['long', 2 ** 53, undefined],
  ['long', '7', undefined],
  ['real', 1.5, '1.5'],
  ['datetime', '2026-03-01T12:00:00.000Z', '"2026-03-01T12:00:00.000Z"'],
  ['datetime', '+012026-03-01T12:00:00.000Z', undefined],
  ['datetime', 'yesterday', undefined],
  ['datetime', 1_772_366_400_000, undefined],
]

test.each(CELLS)('a %s column is given %j and holds %s', (type, value, text) => {
  expect(CELL_WRITERS[type](value, 65_536)).toBe(text)
})

test('a table that does not begin with the time of sending is refused at load', () => {
  const [time, ...others] = detectionsTable.columns
  const broken = { ...detectionsTable, columns: time === undefined ? [] : [...others, time] }
  expect(() => rowWriter(broken)).toThrow(/TimeGenerated/)
})
