import { expect, it } from 'vitest'
import { deploy } from '../support/bicep/deploy.ts'
import { committedSources } from '../support/bicep/sources.ts'
import { ofType, SCENARIOS } from './rules/world.ts'

const deployment = (more: { readonly onboardSentinel: boolean; readonly deploySentinelContent: boolean }) =>
  deploy(committedSources, 'infra/main.bicep', { ...SCENARIOS.guest, ...more })
const ONBOARDING = 'Microsoft.SecurityInsights/onboardingStates'
const TEMPLATES = 'Microsoft.OperationalInsights/workspaces/providers/contentTemplates'

it('without being asked, Sentinel is neither switched on nor given content', () => {
  const plain = deployment({ onboardSentinel: false, deploySentinelContent: false })
  expect(plain.resources.filter((r) => /SecurityInsights|savedSearches|providers/.test(r.type))).toEqual([])
})

it('switching Sentinel on deploys no content', () => {
  const on = deployment({ onboardSentinel: true, deploySentinelContent: false })
  expect(ofType(on, ONBOARDING).map((r) => r.group)).toEqual(['rg-soc'])
  expect(ofType(on, TEMPLATES)).toEqual([])
})

it('the content goes into the workspace, and leaves rules to the people there', () => {
  const content = deployment({ onboardSentinel: false, deploySentinelContent: true })
  const templates = ofType(content, TEMPLATES)
  expect(templates.length).toBeGreaterThan(30)
  expect(templates.every((r) => r.id.includes('/rg-soc/') && r.id.includes('/workspaces/log-soc/'))).toBe(
    true,
  )
  expect(content.resources.filter((r) => r.type.endsWith('/alertRules'))).toEqual([])
  expect(ofType(content, ONBOARDING)).toEqual([])
})
