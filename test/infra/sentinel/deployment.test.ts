import { describe, expect, it } from 'vitest'
import { filesIn, parsers, read, rules, WORKBOOK } from '../../support/kql/sentinel-content.ts'
import { calledBy } from '../../support/kql/workspace.ts'

const module = read('infra/modules/sentinel.bicep')
const loaded = (text: string): readonly string[] =>
  [...text.matchAll(/load(?:Yaml|Text)Content\('\.\.\/([^']+)'\)/g)].map(([, path = '']) => `infra/${path}`)

const valuesOf = (text: string, variable: string): Readonly<Record<string, string>> => {
  const body = new RegExp(`var ${variable} = \\{([^}]*)\\}`).exec(text)?.[1] ?? ''
  return Object.fromEntries(
    [...body.matchAll(/'?(\w+)'?: '(\w+)'/g)].map(([, key = '', value = '']) => [key, value]),
  )
}

describe('the deployment of content', () => {
  it('loads every content file, and once', () => {
    const files = [
      ...filesIn('parsers', '.yaml'),
      ...filesIn('rules', '.yaml'),
      ...filesIn('hunting', '.yaml'),
      WORKBOOK,
    ]
    expect([...loaded(module)].sort()).toEqual([...files].sort())
  })

  it('writes each function after those that it calls', () => {
    const order = loaded(module)
    for (const parser of parsers()) {
      for (const other of calledBy(parser.query, parsers())) {
        expect(order.indexOf(other.file), `${other.file} before ${parser.file}`).toBeLessThan(
          order.indexOf(parser.file),
        )
      }
    }
  })

  it('knows every duration and operator of the rules in the form of the API', () => {
    const text = read('infra/sentinel/alert-rules.bicep')
    const durations = valuesOf(text, 'durations')
    for (const [duration, iso] of Object.entries(durations)) {
      expect(iso).toBe(`${duration.endsWith('d') ? 'P' : 'PT'}${duration.toUpperCase()}`)
    }
    const used = new Set(rules().flatMap(({ rule }) => [rule.queryFrequency, rule.queryPeriod]))
    expect(Object.keys(durations)).toEqual(expect.arrayContaining([...used]))
    const operators = Object.keys(valuesOf(text, 'operators'))
    expect(operators).toEqual(expect.arrayContaining(rules().map(({ rule }) => rule.triggerOperator)))
  })

  it('hands over every property of a rule that the API has', () => {
    const text = read('infra/sentinel/alert-rules.bicep')
    const file = new Set(rules().flatMap(({ rule }) => Object.keys(rule)))
    // Of the repository alone: which connector feeds the tables, the state of the template, and the
    // kind, which is a literal.
    for (const name of ['requiredDataConnectors', 'status', 'kind']) file.delete(name)
    expect([...text.matchAll(/rule\.(\w+)/g)].map(([, name = '']) => name).sort()).toEqual([...file].sort())
  })

  it('gives the workbook the id of its workspace', () => {
    const placeholder = '<workspace-resource-id>'
    expect(JSON.parse(read(WORKBOOK))).toMatchObject({
      version: 'Notebook/1.0',
      fallbackResourceIds: [placeholder],
    })
    expect(module).toContain(`'${placeholder}', workspace.id)`)
  })

  it('writes saved searches with the properties of their documentation', () => {
    // https://learn.microsoft.com/azure/templates/microsoft.operationalinsights/workspaces/savedsearches
    const known = [
      'category',
      'displayName',
      'functionAlias',
      'functionParameters',
      'query',
      'tags',
      'version',
    ]
    const template = JSON.parse(read('infra/sentinel/saved-searches.json')) as {
      readonly resources: readonly { readonly type: string; readonly properties: object }[]
    }
    for (const { type, properties } of template.resources) {
      expect(type).toBe('Microsoft.OperationalInsights/workspaces/savedSearches')
      expect(known).toEqual(expect.arrayContaining(Object.keys(properties)))
      expect(Object.keys(properties)).toEqual(expect.arrayContaining(['category', 'displayName', 'query']))
    }
  })
})
