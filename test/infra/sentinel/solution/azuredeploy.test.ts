import { describe, expect, it } from 'vitest'
import { SOLUTION_ID } from '../../../../infra/sentinel/solution/about.ts'
import { SentinelContent } from '../../../../infra/sentinel/solution/content.ts'
import { mainTemplate } from '../../../../infra/sentinel/solution/main-template.ts'
import { jsonText } from '../../../../infra/sentinel/solution/package-files.ts'
import { PLAYBOOKS } from '../../../../infra/sentinel/solution/playbook-actions.ts'
import { committedSources } from '../../../support/bicep/sources.ts'
import { worldOf } from '../../rules/world.ts'

const content = new SentinelContent('infra/sentinel')
const template = mainTemplate(content)

interface Resource {
  readonly type: string
  readonly name: string
  readonly dependsOn?: readonly string[]
  readonly properties: {
    readonly contentKind?: string
    readonly contentId?: string
    readonly mainTemplate?: { readonly resources: readonly Resource[] }
    readonly dependencies?: {
      readonly criteria: readonly { readonly kind: string; readonly contentId: string }[]
    }
    readonly enabled?: boolean
  }
}
const parseResources = (text: string): readonly Resource[] => JSON.parse(text).resources
const resources = parseResources(jsonText(template))
const kindOf = ({ type }: Pick<Resource, 'type'>): string => type.replace(/^.*\//, '')
const templates = resources.filter((r) => kindOf(r) === 'contentTemplates')
const ofKind = (kind: string) => templates.filter((t) => t.properties.contentKind === kind)

/** The content of the solution as the compiler says that it is deployed within the app's. */
const deployed = () => {
  const kinds = new Set(resources.map(kindOf))
  const { resources: all } = worldOf(committedSources).deployment('sentinel')
  return all.filter(
    ({ type }) =>
      /SecurityInsights|savedSearches|summaryLogs|providers/.test(type) && kinds.has(kindOf({ type })),
  )
}

describe('azuredeploy.json', () => {
  it('is what the files of the content give', async () => {
    await expect(jsonText(template)).toMatchFileSnapshot('../../../../infra/sentinel/azuredeploy.json')
  })

  it('holds every rule, hunting query, function, playbook, the workbook and the connector', () => {
    expect(ofKind('AnalyticsRule')).toHaveLength(content.rules().length)
    expect(ofKind('HuntingQuery')).toHaveLength(content.hunts().length)
    expect(ofKind('Parser')).toHaveLength(content.functions().length)
    expect(ofKind('Playbook').map((t) => t.properties.contentId)).toEqual(PLAYBOOKS.map((p) => p.name))
    expect(ofKind('Workbook')).toHaveLength(1)
    expect(ofKind('DataConnector')).toHaveLength(1)
  })

  it('makes nothing that a SOC changes: no rule, no workbook, no playbook', () => {
    const made = new Set(resources.map(kindOf))
    expect([...made].sort()).toEqual([
      'Watchlists',
      'contentPackages',
      'contentTemplates',
      'dataConnectors',
      'metadata',
      'savedSearches',
      'summaryLogs',
    ])
  })

  it('has every rule switched off in its template', () => {
    const rules = ofKind('AnalyticsRule').flatMap((t) => t.properties.mainTemplate?.resources ?? [])
    const enabled = rules.filter((r) => kindOf(r) === 'AlertRuleTemplates').map((r) => r.properties.enabled)
    expect(new Set(enabled)).toEqual(new Set([false]))
  })

  it('hands over every property of a rule but what is of the repository alone', () => {
    const parts = ofKind('AnalyticsRule').map(
      (t) => t.properties.mainTemplate?.resources[0]?.properties ?? {},
    )
    for (const [i, { value: rule }] of content.rules().entries()) {
      const given = Object.keys(rule).filter(
        (name) => !['id', 'name', 'kind', 'version', 'tags'].includes(name),
      )
      const names = given.map((name) => (name === 'relevantTechniques' ? 'techniques' : name))
      expect(Object.keys(parts[i] ?? {})).toEqual(expect.arrayContaining(names))
    }
  })

  it('names all of its content in the package, and each piece once', () => {
    const [whole] = resources.filter((r) => kindOf(r) === 'contentPackages')
    const named = whole?.properties.dependencies?.criteria.map((c) => `${c.kind} ${c.contentId}`) ?? []
    expect(named).toEqual([
      ...templates.map(({ properties }) => `${properties.contentKind} ${properties.contentId}`),
      ...content.watchlists().map((w) => `Watchlist ${w.alias}`),
    ])
    expect(new Set(named).size).toBe(named.length)
    expect(whole?.name).toContain(SOLUTION_ID)
  })

  it('fits into a deployment', () => {
    expect(jsonText(template).length).toBeLessThan(4 * 1024 * 1024)
    expect(resources.length).toBeLessThan(800)
  })

  it('writes functions one after the other, each after those that it calls', () => {
    const functions = resources.filter((r) => kindOf(r) === 'savedSearches')
    for (const [place, { dependsOn }] of functions.entries()) {
      const before = functions[place - 1]
      const alias = /'\/(\w+)'/.exec(before?.name ?? '')?.[1]
      expect(dependsOn?.join() ?? '').toContain(alias === undefined ? '' : `'${alias}'`)
    }
  })

  it('evaluates, every name and text of it, and no text of the content is taken for an expression', () => {
    const found = deployed()
    expect(found).toHaveLength(resources.length)
    const aliases = found.filter((r) => r.type.endsWith('/savedSearches')).map((r) => r.name)
    expect(aliases).toEqual(content.functions().map((f) => f.value.alias))
    const ids = found.map((r) => r.id)
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([])
  })
})
