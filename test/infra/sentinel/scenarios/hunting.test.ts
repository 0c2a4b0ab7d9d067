import { describe, expect, it } from 'vitest'
import { hunts } from '../../../support/kql/sentinel-content.ts'
import { WORKSPACE_TABLES } from '../../../support/kql/workspace.ts'
import { activityHunts, delegation, tokenHunts } from './hunting/activity.ts'
import { changeHunts } from './hunting/changes.ts'
import { foundBy, queryOf } from './hunting/hunt-scenario.ts'
import { dormancy, networks, signInHunts } from './hunting/sign-ins.ts'

const SCENARIOS = [signInHunts, dormancy, networks, activityHunts, tokenHunts, delegation, changeHunts].flat()
const named = SCENARIOS.map((s) => [s.title, s] as const)

/** Resources bring columns of their own to this table. */
const OPEN_TABLES = new Set(['AzureDiagnostics'])

describe('scenarios of hunting queries', () => {
  it('there is one at least for each query, with something to find', () => {
    const files = hunts().map(({ file }) => file.replace(/^.*\//, '').replace('.yaml', ''))
    const telling = SCENARIOS.filter(({ rows }) => rows.length > 0).map(({ hunt }) => hunt)
    expect([...new Set(telling)].sort()).toEqual(files)
  })

  it.each(named)('%s: has a query to run, and rows that its tables can hold', (_, s) => {
    for (const [table, rows] of Object.entries(s.tables).filter(([name]) => !OPEN_TABLES.has(name))) {
      const columns = Object.keys(WORKSPACE_TABLES[table] ?? {})
      for (const { cells } of rows) expect(columns).toEqual(expect.arrayContaining(Object.keys(cells)))
    }
    expect(queryOf(s)).toMatch(/^\/\/ /)
  })
})

describe('a hunting query finds what it promises, and no more:', () => {
  it.each(named)('%s', (_, s) => {
    const found = foundBy(s)
    expect(found).toHaveLength(s.rows.length)
    expect(found).toMatchObject(s.rows)
  })
})
