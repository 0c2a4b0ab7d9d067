import type { Json } from '../../../../shared/encoding/json.ts'
import type { Ago, FixtureCase, FixtureCell, FixtureRow } from '../fixture.ts'
import type { ArrivedRow, Rows } from './stored-rows.ts'
import { msOfSpan } from './time-text.ts'

/** How long after it was sent a row of a fixture becomes queryable. */
export const INGESTION_MS = 4 * 60_000

const isAgo = (cell: FixtureCell): cell is Ago =>
  typeof cell === 'object' && cell !== null && !Array.isArray(cell) && 'ago' in cell

/** `24h30m` before a time, in ms; after it with a minus sign. */
const before = (ms: number, { ago }: Ago): number => {
  const spans = ago.replace('-', '').match(/\d+[a-z]+/g) ?? []
  const back = spans.reduce((sum, span) => sum + (msOfSpan(span) ?? Number.NaN), 0)
  return ms - (ago.startsWith('-') ? -back : back)
}

const isoOf = (ms: number): string => new Date(ms).toISOString()

const arrivedRow = ({ cells }: FixtureRow, now: number): ArrivedRow => {
  const written = Object.entries(cells).map(([name, cell]): readonly [string, Json] => [
    name,
    isAgo(cell) ? isoOf(before(now, cell)) : cell,
  ])
  const sent = cells['TimeGenerated']
  const sentAt = sent !== undefined && isAgo(sent) ? before(now, sent) : now
  return {
    arrivedAt: isoOf(sentAt + INGESTION_MS),
    cells: Object.fromEntries(written),
  }
}

/** The rows of fixtures as tables have them, their times before the one given. */
export const fixtureRows = (cases: readonly FixtureCase[], time: string): Rows => {
  const rows: Record<string, ArrivedRow[]> = {}
  for (const [table, some] of cases.flatMap(({ tables }) => Object.entries(tables)))
    rows[table] = [...(rows[table] ?? []), ...some.map((row) => arrivedRow(row, Date.parse(time)))]
  return rows
}
