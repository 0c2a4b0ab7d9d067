import { describe, expect, it } from 'vitest'
import {
  documentQueries,
  infraQueries,
  type LocatedQuery,
  workbookQueries,
} from '../../support/kql/content-queries.ts'
import { FIXTURE_CASES } from '../../support/kql/fixture-cases/all-cases.ts'
import { NATIVE_TABLES } from '../../support/kql/native-tables.ts'
import { fixtureRows } from '../../support/kql/run/fixture-rows.ts'
import { interpreterFor } from '../../support/kql/run/interpreter.ts'
import { workspaceWith } from '../../support/kql/run/workspace.ts'
import { hunts, parsers, rules } from '../../support/kql/sentinel-content.ts'

const NOW = '2026-11-27T12:00:00Z'
const rows = fixtureRows(FIXTURE_CASES, NOW)
const workspace = workspaceWith({})
const run = interpreterFor(workspace)

const located = (queries: readonly LocatedQuery[]) => queries.map((q) => [q.place, q.query] as const)
const ALL = [
  ...[...rules(), ...hunts()].map(({ file, rule }) => [file, rule.query] as const),
  ...parsers().map((p) => [p.functionAlias, `${p.functionAlias}()`] as const),
  ...located([
    ...workbookQueries(),
    ...infraQueries(),
    ...documentQueries('docs/soc.md'),
    ...documentQueries('docs/siem/sentinel.md'),
  ]),
]

describe('every query of the content', () => {
  it.each(ALL)('%s finds nothing in a workspace without rows', (_, query) => {
    expect(run(query).at(NOW, {})).toEqual([])
  })

  it.each(ALL)('%s runs over the rows of all fixtures, and gives its columns', (_, query) => {
    const { columns, at } = run(query)
    for (const row of at(NOW, rows)) expect(Object.keys(row)).toEqual(Object.keys(columns))
  })
})

describe("in a workspace that has none of Microsoft's tables", () => {
  const own = Object.entries(workspace.tables).filter(([name]) => !(name in NATIVE_TABLES))
  const runOnOwn = interpreterFor({ ...workspace, tables: Object.fromEntries(own) })

  it.each(ALL)('%s finds nothing, and is no error', (_, query) => {
    expect(runOnOwn(query).at(NOW, {})).toEqual([])
  })
})
