import { describe, expect, it } from 'vitest'
import {
  type Ago,
  type FixtureCase,
  type FixtureCell,
  fixtureName,
  fixtureQuery,
  isAgo,
  runAfter,
  subjectOf,
  withVerdict,
} from '../../support/kql/fixture.ts'
import { FIXTURE_CASES } from '../../support/kql/fixture-cases/all-cases.ts'
import { minutesOf } from '../../support/kql/rule-limits.ts'
import { fixtureRows } from '../../support/kql/run/fixture-rows.ts'
import { filesIn, parsers, read, rules } from '../../support/kql/sentinel-content.ts'
import { rowsAt } from './scenarios/risk/simulation.ts'

const nameOf = (file: string): string => file.replace(/^.*\//, '').replace(/\.[a-z]+$/, '')
const allRules = rules()
const allParsers = parsers()
const cases = FIXTURE_CASES.map((c) => [fixtureName(c), c, subjectOf(c, allRules, allParsers)] as const)
const ruleNames = allRules.map((r) => nameOf(r.file))
const isAboutRisk = ({ of, tables }: FixtureCase): boolean =>
  ruleNames.includes(of) && !('EntraRiskExportHealth_CL' in tables)

const isLate = (cell: FixtureCell, after: Ago): boolean =>
  isAgo(cell) && cell.minutesAgo - after.minutesAgo >= 72 * 60

describe('fixtures', () => {
  it('there is one at least for each rule, and no file besides', () => {
    expect(FIXTURE_CASES.map((c) => c.of)).toEqual(expect.arrayContaining(ruleNames))
    expect(filesIn('fixtures', '.kql').map(nameOf).sort()).toEqual(FIXTURE_CASES.map(fixtureName).sort())
  })

  it.each(cases)('%s.kql is what its rows give', async (name, fixture, subject) => {
    await expect(fixtureQuery(fixture, subject, allParsers)).toMatchFileSnapshot(
      `../../../infra/sentinel/fixtures/${name}.kql`,
    )
  })

  it.each(cases.filter(([, c]) => isAboutRisk(c)))(
    '%s has a row sent, and one ingested, 72 hours late that fires',
    (_, fixture) => {
      const rows = Object.values(fixture.tables).flat()
      const sentLate = rows
        .filter(({ cells: { LastUpdatedDateTime: published = null }, sent }) => isLate(published, sent))
        .map(({ cells }) => JSON.stringify(cells['IdentityDisplayName'] ?? '').slice(1, -1))
        .filter((name) => name.includes('72 hours late'))
      expect(sentLate).not.toEqual([])
      for (const name of sentLate)
        expect(fixture.expected.filter((key) => key.startsWith(name))).toHaveLength(1)
      expect(rows.some(({ sent, arrived }) => isLate(sent, arrived))).toBe(true)
      expect(fixture.expected.filter((key) => key.includes('ingested 72 hours late'))).toHaveLength(1)
    },
  )
})

const FIRST_RUN = '2026-11-27T12:00:00Z'
const after = (span: string): string =>
  new Date(Date.parse(FIRST_RUN) + minutesOf(span) * 60_000).toISOString()
const runs = cases.flatMap(([name, fixture, { query, every }]) => [
  [name, 'first', '0m', fixture, query] as const,
  [name, 'next', every, fixture, query] as const,
])
const PASS = [expect.objectContaining({ Verdict: 'pass', Missing: [], Unexpected: [] })]

describe('a fixture, run as it can be pasted,', () => {
  it.each(runs)('%s.kql passes in its %s run', (name, _, span) => {
    const text = read(`infra/sentinel/fixtures/${name}.kql`)
    expect(text).toContain(runAfter('0m'))
    const query = text.replace(runAfter('0m'), runAfter(span))
    expect(rowsAt(after(span), query, {}, { rangeMs: 0 })).toEqual(PASS)
  })
})

describe('a fixture, run as rows of tables that arrive when it says,', () => {
  it.each(runs)('%s passes in its %s run', (_, __, span, fixture, query) => {
    const tables = fixtureRows([fixture], FIRST_RUN)
    const judged = `${runAfter(span)}\n${withVerdict(query, fixture)}`
    expect(rowsAt(after(span), judged, tables, { rangeMs: 14 * 86_400_000 })).toEqual(PASS)
  })
})

describe('the window of a rule', () => {
  it.each(
    allRules.filter((r) => r.rule.query.includes('EntraWorkload')).map((r) => [r.file, r.rule] as const),
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
