import type { Json } from '../../../../shared/encoding/json.ts'
import { type Ago, type FixtureCase, type FixtureRow, isAgo } from '../fixture.ts'
import type { ArrivedRow, Rows } from './stored-rows.ts'

const MINUTE_MS = 60_000

const arrivedRow = ({ sent, arrived, cells }: FixtureRow, firstRun: number): ArrivedRow => {
  const timeOf = ({ minutesAgo }: Ago): string => new Date(firstRun - minutesAgo * MINUTE_MS).toISOString()
  const written = Object.entries(cells).map(([name, cell]): readonly [string, Json] => [
    name,
    isAgo(cell) ? timeOf(cell) : cell,
  ])
  return {
    arrivedAt: timeOf(arrived),
    cells: { TimeGenerated: timeOf(sent), ...Object.fromEntries(written) },
  }
}

/** The rows of fixtures as tables have them, their times before and after the first run at the time given. */
export const fixtureRows = (cases: readonly FixtureCase[], firstRun: string): Rows => {
  const rows: Record<string, ArrivedRow[]> = {}
  for (const [table, some] of cases.flatMap(({ tables }) => Object.entries(tables)))
    rows[table] = [...(rows[table] ?? []), ...some.map((row) => arrivedRow(row, Date.parse(firstRun)))]
  return rows
}
