import { describe, expect, it } from 'vitest'
import {
  CHOSEN_IDENTITY,
  documentQueries,
  infraQueries,
  type LocatedQuery,
  workbookQueries,
} from '../../support/kql/content-queries.ts'
import { FIXTURE_CASES } from '../../support/kql/fixture-cases/all-cases.ts'
import { guidOf } from '../../support/kql/fixture-cases/rows.ts'
import { NATIVE_TABLES } from '../../support/kql/native-tables.ts'
import { fixtureRows } from '../../support/kql/run/fixture-rows.ts'
import { interpreterFor } from '../../support/kql/run/interpreter.ts'
import type { Rows } from '../../support/kql/run/stored-rows.ts'
import { workspaceWith } from '../../support/kql/run/workspace.ts'
import { hunts, parsers, rules } from '../../support/kql/sentinel-content.ts'

const NOW = '2026-11-27T12:00:00Z'
const workspace = workspaceWith({})
const run = interpreterFor(workspace)
const fixtures = fixtureRows(FIXTURE_CASES, NOW)
const [signedIn] = run(
  'EntraWorkloadSignIns() | join kind=inner EntraWorkloadDetections() on IdentityId | take 1',
).at(NOW, fixtures)
const identity = String(signedIn?.['IdentityId'])
/** What no fixture has: an alert, and the tenant of an exporter. */
const rows: Rows = {
  ...fixtures,
  SecurityAlert: [
    { arrivedAt: NOW, cells: { TimeGenerated: NOW, SystemAlertId: 'alert', Entities: identity } },
  ],
  EntraRiskExportHealth_CL: (fixtures['EntraRiskExportHealth_CL'] ?? []).map((row) => ({
    ...row,
    cells: { ...row.cells, EntraTenantId: guidOf('tenant') },
  })),
}

const located = (queries: readonly LocatedQuery[]) => queries.map((q) => [q.place, q.query] as const)
const ruleQueries = rules().map((r) => [r.file, r.rule.query] as const)
const huntQueries = hunts().map((r) => [r.file, r.rule.query] as const)
const functionCalls = parsers().map((p) => [p.functionAlias, `${p.functionAlias}()`] as const)
const tiles = located(workbookQueries())
const others = located([
  ...infraQueries(),
  ...documentQueries('docs/soc.md'),
  ...documentQueries('docs/siem/sentinel.md'),
])

describe('over a workspace without rows', () => {
  it.each([...ruleQueries, ...huntQueries, ...functionCalls, ...tiles, ...others])(
    '%s finds nothing',
    (_, query) => {
      expect(run(query).at(NOW, {})).toEqual([])
    },
  )
})

describe('over the rows of all fixtures', () => {
  it.each(tiles)('%s shows something', (_, query) => {
    const ofIdentity = query.replaceAll(CHOSEN_IDENTITY, identity)
    expect(run(ofIdentity).at(NOW, rows)).not.toEqual([])
  })

  it.each([...ruleQueries, ...huntQueries, ...functionCalls, ...others])('%s runs', (_, query) => {
    expect(Array.isArray(run(query).at(NOW, rows))).toBe(true)
  })
})

describe("in a workspace that has none of Microsoft's tables", () => {
  const own = Object.fromEntries(
    Object.entries(workspace.tables).filter(([name]) => !(name in NATIVE_TABLES)),
  )
  // Hunts that read a table without asking whether it is there
  const needy = ['azure-activity', 'directory-actions', 'graph-traffic', 'key-vault-reads', 'same-address']
  const carefulHunts = huntQueries.filter(([file]) => !needy.some((name) => file.endsWith(`/${name}.yaml`)))
  const runOnOwn = interpreterFor({ ...workspace, tables: own })
  it.each([...ruleQueries, ...carefulHunts, ...functionCalls, ...tiles, ...others])(
    '%s finds nothing, and is no error',
    (_, query) => {
      expect(runOnOwn(query).at(NOW, {})).toEqual([])
    },
  )
})
