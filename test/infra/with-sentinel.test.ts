import { readdirSync } from 'node:fs'
import { expect, it } from 'vitest'
import { deploy } from '../support/bicep/deploy.ts'
import { committedSources } from '../support/bicep/sources.ts'
import { ofType, SCENARIOS } from './rules/world.ts'

const deployment = (more: { readonly onboardSentinel: boolean; readonly deploySentinelContent: boolean }) =>
  deploy(committedSources, 'infra/main.bicep', { ...SCENARIOS.guest, ...more })
const ONBOARDING = 'Microsoft.SecurityInsights/onboardingStates'
const ALERT_RULES = 'Microsoft.SecurityInsights/alertRules'

it('without being asked, Sentinel is neither switched on nor given content', () => {
  const plain = deployment({ onboardSentinel: false, deploySentinelContent: false })
  expect(plain.resources.filter((r) => /SecurityInsights|savedSearches|workbooks/.test(r.type))).toEqual([])
})

it('switching Sentinel on deploys no content', () => {
  const on = deployment({ onboardSentinel: true, deploySentinelContent: false })
  expect(ofType(on, ONBOARDING).map((r) => r.group)).toEqual(['rg-soc'])
  expect(ofType(on, ALERT_RULES)).toEqual([])
})

it('the content goes into the workspace, every rule of it', () => {
  const content = deployment({ onboardSentinel: false, deploySentinelContent: true })
  const rules = ofType(content, ALERT_RULES)
  expect(rules).toHaveLength(readdirSync('infra/sentinel/rules').length)
  expect(rules.every((r) => r.scopeId?.endsWith('/workspaces/log-soc'))).toBe(true)
  expect(ofType(content, ONBOARDING)).toEqual([])
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
