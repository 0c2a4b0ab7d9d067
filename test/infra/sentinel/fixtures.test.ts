import { describe, expect, it } from 'vitest'
import {
  type Ago,
  type FixtureCase,
  fixtureName,
  fixtureQuery,
  subjectOf,
  verdictOf,
} from '../../support/kql/fixture.ts'
import { FIXTURE_CASES } from '../../support/kql/fixture-cases/all-cases.ts'
import { minutesOf } from '../../support/kql/rule-limits.ts'
import { fixtureRows, INGESTION_MS } from '../../support/kql/run/fixture-rows.ts'
import { filesIn, parsers, type Rule, read, rules } from '../../support/kql/sentinel-content.ts'
import type { ArrivedRow } from './scenarios/risk/rows.ts'
import { alertRow, rowsAt } from './scenarios/risk/simulation.ts'

const nameOf = (file: string): string => file.replace(/^.*\//, '').replace(/\.[a-z]+$/, '')
const cases = FIXTURE_CASES.map((c) => [fixtureName(c), c] as const)
const ruleNames = rules().map((r) => nameOf(r.file))
const isAboutRisk = ({ of, tables }: FixtureCase): boolean =>
  ruleNames.includes(of) && !('EntraRiskExportHealth_CL' in tables)

describe('fixtures', () => {
  it('there is one at least for each rule, and no file besides', () => {
    expect(FIXTURE_CASES.map((c) => c.of)).toEqual(expect.arrayContaining(ruleNames))
    expect(filesIn('fixtures', '.kql').map(nameOf).sort()).toEqual(FIXTURE_CASES.map(fixtureName).sort())
  })

  it.each(cases)('%s.kql is what its rows give', async (name, fixture) => {
    const subject = subjectOf(fixture, rules(), parsers())
    await expect(fixtureQuery(fixture, subject, parsers())).toMatchFileSnapshot(
      `../../../infra/sentinel/fixtures/${name}.kql`,
    )
  })

  it.each(cases.filter(([, c]) => isAboutRisk(c)))(
    '%s has a row sent 72 hours late that fires',
    (_, fixture) => {
      const days = (cell: unknown): number => minutesOf((cell as Ago | undefined)?.ago) / 1440
      const late = Object.values(fixture.tables)
        .flat()
        .filter(({ cells }) => days(cells['LastUpdatedDateTime']) - days(cells['TimeGenerated']) >= 3)
        .map(({ cells }) => JSON.stringify(cells['IdentityDisplayName'] ?? '').slice(1, -1))
        .filter((name) => name.includes('72 hours late'))
      expect(late).not.toEqual([])
      for (const name of late) expect(fixture.expected.filter((key) => key.startsWith(name))).toHaveLength(1)
    },
  )
})

describe('a fixture, run as it can be pasted,', () => {
  it.each(cases)('%s.kql passes', (name) => {
    const text = read(`infra/sentinel/fixtures/${name}.kql`)
    const rows = rowsAt('2026-11-27T12:00:00Z', text, {}, { rangeMs: 0 })
    expect(rows).toEqual([expect.objectContaining({ Verdict: 'pass', Missing: [], Unexpected: [] })])
  })
})

describe('a fixture, run as rows of tables that arrive minutes after they were sent,', () => {
  const NOW = '2026-11-27T12:00:00Z'
  const later = (ms: number): string => new Date(Date.parse(NOW) + ms).toISOString()
  const run = (query: string, time: string, fixture: FixtureCase, alerts: readonly ArrivedRow[]) => {
    const { SecurityAlert = [], ...rows } = fixtureRows([fixture], NOW)
    const tables = { ...rows, SecurityAlert: [...SecurityAlert, ...alerts] }
    return rowsAt(time, query, tables, { rangeMs: 14 * 86_400_000 })
  }

  it.each(cases)('%s passes once they are there', (_, fixture) => {
    const { query } = subjectOf(fixture, rules(), parsers())
    expect(run(`${query}\n${verdictOf(fixture)}`, later(INGESTION_MS), fixture, [])).toEqual([
      expect.objectContaining({ Verdict: 'pass', Missing: [], Unexpected: [] }),
    ])
  })

  it.each(cases.filter(([, { of }]) => ruleNames.includes(of)))(
    '%s alerts on nothing again in the next run',
    (_, fixture) => {
      const rule = rules().find(({ file }) => nameOf(file) === fixture.of)?.rule as Rule
      const everyMs = minutesOf(rule.queryFrequency) * 60_000
      const first = run(rule.query, later(INGESTION_MS), fixture, [])
      const alerts = first.map((row) => alertRow(rule, row, Date.parse(later(INGESTION_MS))))
      const query = `${rule.query}\n| project Key = tostring(${fixture.key})`
      const again = run(query, later(INGESTION_MS + everyMs), fixture, alerts)
      expect(again.map(({ Key }) => Key)).toEqual(fixture.next ?? [])
    },
  )
})

describe('the window of a rule', () => {
  it.each(
    rules()
      .filter((r) => r.rule.query.includes('EntraWorkload'))
      .map((r) => [r.file, r.rule] as const),
  )('%s is as wide as the time between two runs, so that each row is in one run', (_, rule) => {
    const lower = [...rule.query.matchAll(/(?:Arrived|Joined)DateTime > ago\((?:(\w+) \+ )?(\w+)\)/g)]
    expect(lower).not.toEqual([])
    expect(lower.map(([, , width]) => minutesOf(width))).toEqual(
      lower.map(() => minutesOf(rule.queryFrequency)),
    )
    const upper = [...rule.query.matchAll(/ArrivedDateTime <= ago\((\w+)\)/g)].map(([, grace]) => grace)
    expect(upper).toEqual(lower.flatMap(([, grace]) => grace ?? []))
  })
})
