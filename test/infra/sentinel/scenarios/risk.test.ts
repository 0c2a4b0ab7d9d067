import { describe, expect, it } from 'vitest'
import { rules } from '../../../support/kql/sentinel-content.ts'
import { WORKSPACE_TABLES } from '../../../support/kql/workspace.ts'
import { bundledFeed } from './risk/bundled-feed.ts'
import { carried } from './risk/carried.ts'
import { decisions } from './risk/decisions.ts'
import { firstArrival } from './risk/first-arrival.ts'
import { latestVersion } from './risk/latest-version.ts'
import { leaks } from './risk/leaks.ts'
import { levels } from './risk/levels.ts'
import { alertsOf } from './risk/simulation.ts'

const RISK_SCENARIOS = [firstArrival, latestVersion, levels, leaks, decisions, carried, bundledFeed].flat()

describe('scenarios of the rules of risk records', () => {
  it.each(RISK_SCENARIOS.map((s) => [s.title, s] as const))(
    '%s: has a rule, and rows that its tables can hold',
    (_, s) => {
      expect(rules().map(({ file }) => file)).toContain(`infra/sentinel/rules/${s.rule}.yaml`)
      for (const [table, rows] of Object.entries(s.tables)) {
        const columns = Object.keys(WORKSPACE_TABLES[table] ?? {})
        for (const { arrivedAt, cells } of rows) {
          expect(columns).toEqual(expect.arrayContaining(Object.keys(cells)))
          const sentAt = cells['TimeGenerated']
          expect(typeof sentAt === 'string' && Date.parse(sentAt) <= Date.parse(arrivedAt)).toBe(true)
        }
      }
    },
  )
})

describe('run after run, the rules of risk records alert as they promise', () => {
  it.each(RISK_SCENARIOS.map((s) => [s.title, s] as const))('%s', (_, s) => {
    expect(alertsOf(s)).toEqual([...s.alerts].sort())
  })
})

describe('a defect in the content is noticed where', () => {
  it.each(RISK_SCENARIOS.flatMap((s) => (s.defect === undefined ? [] : [[s.title, s, s.defect] as const])))(
    '%s',
    (_, s, defect) => expect(alertsOf(s, defect)).not.toEqual([...s.alerts].sort()),
  )
})
