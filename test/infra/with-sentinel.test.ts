import { readdirSync } from 'node:fs'
import { expect, it } from 'vitest'
import { committedSources } from '../support/bicep/sources.ts'
import { ofType, SCENARIO_NAMES, worldOf } from './rules/world.ts'

const world = worldOf(committedSources)
const sentinel = world.deployment('sentinel')

it.each(SCENARIO_NAMES.filter((name) => name !== 'sentinel'))(
  'without being asked, Sentinel is neither switched on nor given content: %s',
  (name) => {
    const { resources } = world.deployment(name)
    expect(resources.filter((r) => /SecurityInsights|savedSearches|workbooks/.test(r.type))).toEqual([])
  },
)

it('Sentinel is switched on in the workspace', () => {
  expect(ofType(sentinel, 'Microsoft.SecurityInsights/onboardingStates').map((r) => r.group)).toEqual([
    'rg-soc',
  ])
})

it('the content goes into the workspace, every rule of it', () => {
  const rules = ofType(sentinel, 'Microsoft.SecurityInsights/alertRules')
  expect(rules).toHaveLength(readdirSync('infra/sentinel/rules').length)
  expect(rules.every((r) => r.scopeId?.endsWith('/workspaces/log-soc'))).toBe(true)
})

it('a summary rule carries open risk, and calls no saved function, which such a rule cannot', () => {
  const [rule, ...others] = ofType(
    deployment({ onboardSentinel: false, deploySentinelContent: true }),
    'Microsoft.OperationalInsights/workspaces/summaryLogs',
  )
  expect(others).toEqual([])
  expect(rule?.body).toMatchObject({
    properties: {
      ruleDefinition: {
        query: expect.stringContaining('EntraRiskDetections_CL'),
        binSize: 1440,
        destinationTable: 'EntraWorkloadRiskState_CL',
      },
    },
  })
  expect(JSON.stringify(rule?.body)).not.toMatch(/EntraWorkload\w*\(\)/)
})
