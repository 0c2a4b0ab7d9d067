import { describe, expect, test } from 'vitest'
import {
  categoryMeaning,
  HEARTBEAT_CATEGORY,
  USER_CATEGORIES,
  WORKLOAD_CATEGORIES,
} from '../../shared/domain/category.ts'

describe('categories', () => {
  test.each([...WORKLOAD_CATEGORIES, ...USER_CATEGORIES])('%s has a meaning in any case', (category) => {
    expect(categoryMeaning(category)?.category).toBe(category)
    expect(categoryMeaning(category.toLowerCase())).toBe(categoryMeaning(category))
    expect(categoryMeaning(category.toUpperCase())).toBe(categoryMeaning(category))
  })

  test('tell kind and identity type', () => {
    const told = [...WORKLOAD_CATEGORIES, ...USER_CATEGORIES].map((c) => {
      const { kind, identityType } = categoryMeaning(c) ?? {}
      return `${c}: ${kind} ${identityType}`
    })
    expect(told).toEqual([
      'RiskyServicePrincipals: riskyIdentity servicePrincipal',
      'ServicePrincipalRiskEvents: riskDetection servicePrincipal',
      'RiskyAgents: riskyIdentity agent',
      'AgentRiskEvents: riskDetection agent',
      'RiskyUsers: riskyIdentity user',
      'UserRiskEvents: riskDetection user',
    ])
  })

  test('of others have none', () => {
    for (const name of [
      'SignInLogs',
      '',
      'RiskyServicePrincipal',
      HEARTBEAT_CATEGORY,
      'RiskExport.ResponseAction',
      '__proto__',
    ])
      expect(categoryMeaning(name)).toBeUndefined()
  })
})
