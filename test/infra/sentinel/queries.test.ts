import { describe, expect, it } from 'vitest'
import { type Analysis, noRowsOf } from '../../support/kql/analyse.ts'
import {
  documentQueries,
  infraQueries,
  type LocatedQuery,
  transforms,
  workbookQueries,
} from '../../support/kql/content-queries.ts'
import {
  columnsOfFixture,
  fixtureName,
  runAfter,
  shadowedTables,
  subjectOf,
  withVerdict,
} from '../../support/kql/fixture.ts'
import { FIXTURE_CASES } from '../../support/kql/fixture-cases/all-cases.ts'
import { missingTableProblems } from '../../support/kql/missing-tables.ts'
import { ASIM_ALERT_EVENT } from '../../support/kql/native-tables.ts'
import {
  boundedQueryProblems,
  mappingProblems,
  queryProblems,
  windowProblems,
} from '../../support/kql/query-problems.ts'
import { interpreterFor } from '../../support/kql/run/interpreter.ts'
import { workspaceWith } from '../../support/kql/run/workspace.ts'
import { hunts, parsers, type Rule, read, rules } from '../../support/kql/sentinel-content.ts'
import { RISK_STATE } from '../../support/kql/summary-table.ts'
import { transformProblems } from '../../support/kql/transform.ts'
import { OWN_TABLES, sentinelContent, WORKSPACE_TABLES } from '../../support/kql/workspace.ts'

/**
 * One process analyses every query: loading Microsoft's language service costs more than using it.
 */
const allParsers = parsers()
const content = sentinelContent()
const named = <T extends { readonly file: string }>(files: readonly T[]) =>
  files.map((f) => [f.file, f] as const)
const archivedEventAt = (queries: readonly LocatedQuery[]) => queries.map((q) => [q.place, q.query] as const)
const ruleCalled = (name: string) => {
  const found = rules().find((r) => r.file.endsWith(`/${name}.yaml`))
  if (found === undefined) throw new Error(`no rule ${name}`)
  return found
}

describe('saved functions', () => {
  it.each(content.parsers.map(({ parser, analysis }) => [parser.functionAlias, analysis] as const))(
    '%s is valid against the tables',
    (_, analysis) => {
      expect(queryProblems(analysis)).toEqual([])
    },
  )

  it('the ASIM parser gives columns of the Alert Event schema, of their types', () => {
    const asim =
      content.parsers.find(({ parser }) => parser.functionAlias.startsWith('ASim'))?.analysis.columns ?? {}
    expect(asim).toEqual(Object.fromEntries(Object.keys(asim).map((n) => [n, ASIM_ALERT_EVENT[n]])))
    expect(Object.keys(asim)).toEqual(
      expect.arrayContaining(['EventCount', 'EventSchema', 'AlertId', 'AlertName']),
    )
  })
})

describe('analytics rules', () => {
  it.each(named(rules()))('%s is valid, bounded in time, and gives what it maps', (_, { rule }) => {
    const analysis = content.analyse(rule.query)
    expect(boundedQueryProblems(analysis)).toEqual([])
    expect(mappingProblems(rule, analysis)).toEqual([])
  })

  it.each(named(rules()))(
    '%s looks at times of arrival, so that a row sent days late is seen',
    (_, { rule }) => {
      expect(windowProblems(content.analyse(rule.query))).toEqual([])
    },
  )
})

describe('hunting queries', () => {
  it.each(named(hunts()))('%s is valid, bounded in time, and gives what it maps', (_, { rule }) => {
    const analysis = content.analyse(rule.query)
    expect(boundedQueryProblems(analysis)).toEqual([])
    expect(mappingProblems(rule, analysis)).toEqual([])
  })
})

describe('the interpreter that runs the content', () => {
  const run = interpreterFor(workspaceWith({}))

  it.each([...named(rules()), ...named(hunts())].map(([file, { rule }]) => [file, rule.query] as const))(
    'gives the columns of %s as the language service knows them',
    (_, query) => {
      expect(Object.entries(run(query).columns)).toEqual(Object.entries(content.analyse(query).columns ?? {}))
    },
  )

  it.each(archivedEventAt([...workbookQueries(), ...infraQueries()]))(
    'gives the columns of %s as the language service knows them',
    (_, query) => {
      expect(Object.entries(run(query).columns)).toEqual(Object.entries(content.analyse(query).columns ?? {}))
    },
  )

  it.each(content.parsers.map(({ parser, analysis }) => [parser.functionAlias, analysis] as const))(
    'gives the columns of %s as the language service knows them',
    (name, { columns }) => {
      expect(Object.entries(run(`${name}()`).columns)).toEqual(Object.entries(columns ?? {}))
    },
  )
})

describe('other queries', () => {
  it.each(archivedEventAt(workbookQueries()))('%s is valid and bounded in time', (_, query) => {
    expect(boundedQueryProblems(content.analyse(query))).toEqual([])
  })

  it.each(['docs/soc.md', 'docs/siem/sentinel.md'].flatMap((page) => archivedEventAt(documentQueries(page))))(
    '%s is valid and bounded in time',
    (_, query) => {
      expect(boundedQueryProblems(content.analyse(query))).toEqual([])
    },
  )

  it('the summary rule of open risk gives the columns that the functions read', () => {
    expect(content.analyse(read('infra/sentinel/risk-state.kql')).columns).toEqual(RISK_STATE)
  })

  it('queries in the infrastructure are valid', () => {
    expect(infraQueries()).not.toEqual([])
    const wrong = infraQueries().flatMap(({ place, query }) =>
      queryProblems(content.analyse(query)).map((p) => `${place}: ${p}`),
    )
    expect(wrong).toEqual([])
  })
})

describe('in a workspace that lacks tables', () => {
  const analysed = (queries: readonly LocatedQuery[]) =>
    queries.map(({ place, query }) => [place, content.analyse(query)] as const)

  it.each(
    analysed([
      ...[...rules(), ...hunts()].map(({ file, rule }) => ({ place: file, query: rule.query })),
      ...documentQueries('docs/soc.md'),
    ]),
  )('of others, %s runs and has all of its columns', (_, analysis) => {
    expect(missingTableProblems(analysis, content.analyse)).toEqual([])
  })

  it.each([
    ...content.parsers.map(({ parser, analysis }) => [parser.functionAlias, analysis] as const),
    ...analysed(workbookQueries()),
  ])('of others and of ours, %s runs and has all of its columns', (_, analysis) => {
    expect(missingTableProblems(analysis, content.analyse, Object.keys(WORKSPACE_TABLES))).toEqual([])
  })

  it.each([
    ['a table by itself', 'AuditLogs | project OperationName', 'AuditLogs is read outside a fuzzy union'],
    [
      'a union that is not fuzzy',
      'union (datatable(OperationName: string) []), (AuditLogs | project OperationName)',
      'AuditLogs is read outside a fuzzy union',
    ],
    [
      'a table beside a fuzzy union',
      'union isfuzzy=true (datatable(UserId: string) []), (SigninLogs | project UserId) | join kind=inner (OfficeActivity) on UserId',
      'OfficeActivity is read outside a fuzzy union',
    ],
    [
      'a column that no leg declares',
      'union isfuzzy=true (datatable(Result: string) []), (AuditLogs | project Result, OperationName) | where OperationName == "x" | project Result',
      "'OperationName' does not refer to any known column",
    ],
    [
      'a column of the output that no leg declares',
      'union isfuzzy=true (datatable(Result: string) []), (AuditLogs | project Result, OperationName)',
      'column OperationName comes from a table that may be missing',
    ],
  ])('the checker catches %s', (_, query, problem) => {
    expect(missingTableProblems(content.analyse(query), content.analyse).join('\n')).toContain(problem)
  })
})

describe('fixtures', () => {
  it.each(FIXTURE_CASES.map((c) => [fixtureName(c), c] as const))(
    '%s: rows, query and verdict fit',
    (_, fixture) => {
      const subject = subjectOf(fixture, rules(), allParsers)
      for (const shadow of shadowedTables(fixture, subject, allParsers)) {
        const table = /^let (\w+)/.exec(shadow)?.[1] ?? ''
        const analysis = content.analyse(`${runAfter('0m')}\n${shadow}\n${table}`)
        expect([...analysis.errors, ...analysis.warnings]).toEqual([])
        expect(analysis.columns).toEqual(columnsOfFixture(table))
      }
      const output = content.analyse(subject.query).columns ?? {}
      const verdict = content.analyse(`${runAfter('0m')}\n${withVerdict(noRowsOf(output), fixture)}`)
      expect(queryProblems(verdict)).toEqual([])
      expect(verdict.columns).toEqual({
        Verdict: 'string',
        Alerts: 'long',
        Missing: 'dynamic',
        Unexpected: 'dynamic',
      })
    },
  )
})

describe('transformations of data collection rules', () => {
  it('use what a data collection rule allows and give the table its columns', () => {
    expect(transforms()).not.toEqual([])
    const wrong = transforms().flatMap(({ query }) =>
      Object.values(OWN_TABLES).flatMap((columns) => transformProblems(query, columns, columns)),
    )
    expect(wrong).toEqual([])
  })

  const columns = { TimeGenerated: 'datetime', RiskLevel: 'string' }

  it.each([
    ['source | summarize count() by RiskLevel', 'operator SummarizeOperator is not allowed'],
    ['source | extend RiskLevel = coalesce(RiskLevel, "x")', 'function coalesce is not allowed'],
    ['source | extend TimeGenerated = time', "needs to be bracketted as ['time']"],
    ['source | project TimeGenerated, RiskLevel = 1', 'column RiskLevel is long, the table wants string'],
    ['source | project RiskLevel', 'column TimeGenerated is missing'],
  ])('are checked in earnest: %s', (query, problem) => {
    expect(transformProblems(query, columns, columns).join('\n')).toContain(problem)
  })
})

describe('the checker catches injected errors', () => {
  const { rule } = ruleCalled('high-risk-detection')
  const problemsOf = (changed: Rule): string => {
    const analysis: Analysis = content.analyse(changed.query)
    return [
      ...boundedQueryProblems(analysis),
      ...mappingProblems(changed, analysis),
      ...windowProblems(analysis),
    ].join('\n')
  }
  const withQuery = (from: string, to: string): Rule => {
    expect(rule.query).toContain(from)
    return { ...rule, query: rule.query.replace(from, to) }
  }

  it.each([
    [
      'a wrong column',
      withQuery('AlertSeverity ==', 'AlertSeverty =='),
      "'AlertSeverty' does not refer to any known column",
    ],
    [
      'a wrong function',
      withQuery('EntraWorkloadDetections()\n', 'EntraWorkloadDetectoins()\n'),
      'EntraWorkloadDetectoins',
    ],
    [
      'a wrong table',
      withQuery('EntraWorkloadDetections()\n', 'EntraRiskDetection_CL\n'),
      'does not refer to any known table',
    ],
    [
      'a wrong type',
      withQuery('ArrivedDateTime > ago(1h)', 'ArrivedDateTime > 5'),
      "operator '>' is not defined",
    ],
    ['a number for a text', withQuery('IsOpen', 'RiskDetail == 0'), 'string == long'],
    ['contains', withQuery('IsOpen', 'Kind contains "Detection"'), 'where has would do'],
    [
      'a missing time filter',
      withQuery('TimeGenerated > ago(14d) and ', ''),
      'read without a filter on TimeGenerated',
    ],
    [
      'a window on the time of the fact',
      withQuery('HighArrivedDateTime > ago(1h)', 'LastUpdatedDateTime > ago(1h)'),
      'a late row would be missed',
    ],
    [
      'a missing entity column',
      withQuery('AppId, IpAddress,', 'AppId,'),
      'entity IP.Address: the query gives no column IpAddress',
    ],
    [
      'a missing custom detail',
      { ...rule, customDetails: { Level: 'RiskLevl' } },
      'custom detail Level: the query gives no column RiskLevl',
    ],
    [
      'a missing severity column',
      withQuery('    AlertSeverity, AlertTactic', '    AlertTactic'),
      'severity: the query gives no column AlertSeverity',
    ],
  ])('%s', (_, changed, problem) => {
    expect(problemsOf(rule)).toBe('')
    expect(problemsOf(changed)).toContain(problem)
  })
})
