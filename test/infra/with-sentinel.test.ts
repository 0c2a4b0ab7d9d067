import { expect, it } from 'vitest'
import { committedSources } from '../support/bicep/sources.ts'
import { ofType, SCENARIO_NAMES, worldOf } from './rules/world.ts'

const world = worldOf(committedSources)
const sentinel = world.deployment('sentinel')

it.each(SCENARIO_NAMES.filter((name) => name !== 'sentinel'))(
  'without being asked, Sentinel is neither switched on nor given content: %s',
  (name) => {
    const { resources } = world.deployment(name)
    expect(
      resources.filter((r) => /SecurityInsights|savedSearches|providers|workbooks/.test(r.type)),
    ).toEqual([])
  },
)

it('Sentinel is switched on in the workspace', () => {
  expect(ofType(sentinel, 'Microsoft.SecurityInsights/onboardingStates').map((r) => r.group)).toEqual([
    'rg-soc',
  ])
})

it('the content goes into the workspace, and leaves rules to the people there', () => {
  const templates = ofType(sentinel, 'Microsoft.OperationalInsights/workspaces/providers/contentTemplates')
  expect(templates.length).toBeGreaterThan(30)
  expect(templates.every((r) => r.id.includes('/rg-soc/') && r.id.includes('/workspaces/log-soc/'))).toBe(
    true,
  )
  expect(sentinel.resources.filter((r) => r.type.endsWith('/alertRules'))).toEqual([])
})

it('a summary rule carries open risk, and calls no saved function, which such a rule cannot', () => {
  const [rule, ...others] = ofType(sentinel, 'Microsoft.OperationalInsights/workspaces/summaryLogs')
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
