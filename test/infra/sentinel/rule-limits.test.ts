import { describe, expect, it } from 'vitest'
import { DETECTION_CATALOGUE } from '../../../shared/domain/detections.ts'
import { tacticsOf } from '../../support/kql/attack.ts'
import { connectorsOf } from '../../support/kql/data-connectors.ts'
import { ruleProblems, sharedProblems } from '../../support/kql/rule-limits.ts'
import { hunts, parsers, type Rule, type RuleFile, rules } from '../../support/kql/sentinel-content.ts'

const named = (files: readonly RuleFile[]) => files.map((f) => [f.file, f] as const)

describe('content files', () => {
  it.each(named(rules()))("%s keeps to the repository's and the service's limits", (_, file) => {
    expect(ruleProblems(file)).toEqual([])
  })

  it.each(named([...rules(), ...hunts()]))(
    '%s requires the data connectors that fill what it reads',
    (_, { rule }) => {
      expect(rule.requiredDataConnectors).toEqual(connectorsOf(rule.query))
    },
  )

  it.each(named(hunts()))("%s keeps to the repository's limits", (_, file) => {
    expect(sharedProblems(file)).toEqual([])
    expect(file.rule.description.length).toBeLessThanOrEqual(256)
  })

  it('have an id of their own each', () => {
    const ids = [
      ...rules().map((r) => r.rule.id),
      ...hunts().map((r) => r.rule.id),
      ...parsers().flatMap((p) => p.id ?? []),
    ]
    expect(ids.length).toBeGreaterThan(20)
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([])
  })

  it('rules name application, account and the object id that a playbook needs', () => {
    for (const { rule } of rules().filter((r) => r.rule.query.includes('EntraWorkload'))) {
      const identifiers = rule.entityMappings?.flatMap((e) =>
        e.fieldMappings.map((f) => `${e.entityType}.${f.identifier}`),
      )
      expect(identifiers).toEqual(expect.arrayContaining(['CloudApplication.AppId', 'Account.AadUserId']))
      expect(rule.customDetails).toMatchObject({ ServicePrincipalId: 'IdentityId', ApplicationId: 'AppId' })
      expect(identifiers).not.toContain('Account.Name')
    }
  })

  it.each(named(rules()))(
    '%s says in the alert what to do, of which techniques, and where to look',
    (_, { rule }) => {
      const isAboutIdentity = rule.query.includes('EntraWorkload')
      const wanted = [
        'RemediationSteps',
        'SubTechniques',
        'Techniques',
        ...(isAboutIdentity ? ['AlertLink'] : []),
      ]
      const given = rule.alertDetailsOverride?.alertDynamicProperties?.map((p) => p.alertProperty) ?? []
      expect([...given].sort()).toEqual(wanted.sort())
      const told = [...rule.query.matchAll(/AlertSubTechniques = dynamic\(\[([^\]]*)\]\)/g)].flatMap(
        ([, list = '']) => list.split(', ').map((id) => id.replaceAll('"', '')),
      )
      expect(rule.relevantTechniques).toEqual(expect.arrayContaining(told))
    },
  )

  it('hunting queries are narrowed by identity and time in their first lines', () => {
    for (const { rule } of hunts()) {
      expect(rule.query).toMatch(
        /^\/\/ .*\nlet identityId = "";\nlet since = ago\(\d+d\);\nlet until = now\(\);\n/,
      )
    }
  })
})

describe('large tables', () => {
  const SIGN_INS = /(?:EntraWorkloadSignIns\(\)|\b\w*Sign[iI]nLogs\b)(.*(?:\n\s*\| (?:where|take) .*)*)/g
  const isNarrow = (filters: string): boolean => filters.includes(' in ((') || filters.includes('| take 1 ')
  const readWhole = (query: string): readonly string[] =>
    [...query.matchAll(SIGN_INS)].filter(([, filters = '']) => !isNarrow(filters)).map(([read]) => read)

  it.each(named([...rules(), ...hunts()]))(
    '%s reads sign-ins by index, of the identities it means',
    (_, { rule }) => {
      expect(readWhole(rule.query)).toEqual([])
      // In lower case as they stand; what a person typed is not
      expect(rule.query.replaceAll('tolower(identityId)', '')).not.toContain('tolower(')
    },
  )

  it.each([
    'EntraWorkloadSignIns()\n| where TimeGenerated > ago(1d)\n| join kind=inner identities on IdentityId',
    'union (SigninLogs | where TimeGenerated > ago(1d))',
  ])('the check catches %j', (query) => {
    expect(readWhole(query)).toHaveLength(1)
  })
})

describe('tactics of detections', () => {
  const history = parsers().find((p) => p.functionAlias === 'EntraWorkloadRiskHistory')?.query ?? ''
  const cases = history.slice(history.indexOf('AlertTactic = case('))
  const tacticOf = (riskEventType: string): string =>
    new RegExp(`"${riskEventType}"[^\\n]*?"(\\w+)",\\n`).exec(cases)?.[1] ?? 'InitialAccess'

  it.each(DETECTION_CATALOGUE.map((d) => [d.riskEventType, d] as const))(
    '%s has a tactic of its techniques',
    (_, d) => {
      expect(d.techniques.flatMap(tacticsOf)).toContain(tacticOf(d.riskEventType))
    },
  )
})

describe('the limits catch injected errors', () => {
  const file = rules()[0]
  const problems = (changed: Partial<Rule>, text?: string): string => {
    if (file === undefined) throw new Error('no rule')
    return ruleProblems({ ...file, text: text ?? file.text, rule: { ...file.rule, ...changed } }).join('\n')
  }
  const field = (identifier: string) => ({ identifier, columnName: 'AppId' })

  it.each([
    ['an id that is no GUID', { id: 'x' }, 'id is not a GUID'],
    ['a rule kind of the preview API', { kind: 'NRT' }, 'kind is not Scheduled'],
    [
      'a long period at a high frequency',
      { queryFrequency: '5m', queryPeriod: '2d' },
      'needs a frequency of 1 hour',
    ],
    ['a period under the frequency', { queryFrequency: '1h', queryPeriod: '5m' }, 'queryPeriod'],
    ['a technique without its tactic', { tactics: ['Discovery'] }, 'has no tactic here'],
    ['a tactic without technique', { tactics: ['Exfiltration'] }, 'tactic Exfiltration has no technique'],
    [
      'an unknown identifier',
      { entityMappings: [{ entityType: 'CloudApplication', fieldMappings: [field('ObjectId')] }] },
      'has no ObjectId',
    ],
    [
      'four identifiers',
      {
        entityMappings: [
          { entityType: 'Account', fieldMappings: ['AadUserId', 'PUID', 'Name', 'DisplayName'].map(field) },
        ],
      },
      'one to three identifiers',
    ],
    [
      'a long custom detail',
      { customDetails: { AKeyOfMoreThanTwentyLetters: 'AppId' } },
      'at most 20 characters',
    ],
    [
      'four columns in a name',
      { alertDetailsOverride: { alertDisplayNameFormat: '{{A}}{{B}}{{C}}{{D}}' } },
      'more than 3 columns',
    ],
    [
      'spaces in a placeholder',
      { alertDetailsOverride: { alertDisplayNameFormat: '{{ A }}' } },
      'is not a column name',
    ],
    [
      'an unknown property of an alert',
      { alertDetailsOverride: { alertDynamicProperties: [{ alertProperty: 'Link', value: 'AlertLink' }] } },
      'alert property Link is unknown',
    ],
    ['an endless query', { query: 'x'.repeat(10_001) }, 'query is not of'],
    ['a version of two parts', { version: '1.0' }, 'version is not x.y.z'],
  ])('%s', (_, changed, problem) => {
    expect(problems({})).toBe('')
    expect(problems(changed)).toContain(problem)
  })

  it('characters outside ASCII', () => {
    expect(problems({}, `# \u2013\n${file?.text}`)).toContain('outside ASCII')
  })
})
