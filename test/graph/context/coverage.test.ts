import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PrincipalContext } from '../../../shared/domain/identity-context.ts'
import type { JsonObject } from '../../../shared/encoding/json.ts'
import { type CoverageSubject, coverageBy, ineligible } from '../../../shared/graph/context/coverage.ts'
import { blockingPolicy } from '../../../shared/graph/context/policy.ts'

const ID = 'd41c7a06-52be-4f0d-8c6e-0a3b91e7f254'
const OTHER = '0e95b3c8-6a1f-4d72-97b4-c82d5f60ea19'
const REPORT_ONLY = 'enabledForReportingButNotEnforced'
const ALL = { includeServicePrincipals: ['ServicePrincipalsInMyTenant'] }
const FILTER = { mode: 'include', rule: 'CustomSecurityAttribute.Zone_Class -eq "one"' }

interface PolicyParts {
  readonly id?: string
  readonly state?: string
  readonly clients?: JsonObject | null
  readonly conditions?: JsonObject
  readonly controls?: readonly string[]
}

const policy = (parts: PolicyParts = {}): JsonObject => ({
  id: parts.id ?? 'policy',
  displayName: 'Block',
  state: parts.state ?? 'enabled',
  conditions: {
    applications: { includeApplications: ['All'], excludeApplications: [] },
    clientApplications: parts.clients === undefined ? ALL : parts.clients,
    servicePrincipalRiskLevels: ['high'],
    ...parts.conditions,
  },
  grantControls: { operator: 'OR', builtInControls: [...(parts.controls ?? ['block'])] },
})

const subject = (given: Partial<CoverageSubject> = {}): CoverageSubject => ({
  id: ID,
  isAgent: false,
  agentKind: undefined,
  level: 'high',
  ...given,
})

const covered = (policies: readonly JsonObject[], given: Partial<CoverageSubject> = {}) =>
  coverageBy(
    policies.flatMap((one) => blockingPolicy(one) ?? []),
    subject(given),
  )

describe('the coverage of a service principal', () => {
  it.each<readonly [string, string, string | undefined, PolicyParts]>([
    ['blocks all of the tenant at the level', 'blocked', undefined, {}],
    ['names it', 'blocked', undefined, { clients: { includeServicePrincipals: [ID.toUpperCase()] } }],
    ['has no risk levels', 'blocked', undefined, { conditions: { servicePrincipalRiskLevels: [] } }],
    ['does not say risk levels', 'blocked', undefined, { conditions: { servicePrincipalRiskLevels: null } }],
    ['only reports', 'reportOnly', undefined, { state: REPORT_ONLY }],
    ['is off', 'notCovered', undefined, { state: 'disabled' }],
    [
      'is for another level',
      'notCovered',
      undefined,
      { conditions: { servicePrincipalRiskLevels: ['low'] } },
    ],
    ['is for another principal', 'notCovered', undefined, { clients: { includeServicePrincipals: [OTHER] } }],
    ['is for nobody', 'notCovered', undefined, { clients: { includeServicePrincipals: ['None'] } }],
    ['excludes it', 'notCovered', undefined, { clients: { ...ALL, excludeServicePrincipals: [ID] } }],
    ['is for users', 'notCovered', undefined, { clients: null }],
    ['does not block', 'notCovered', undefined, { controls: ['mfa'] }],
    [
      'has a filter',
      'unknown',
      'filter on custom security attributes',
      { clients: { ...ALL, servicePrincipalFilter: FILTER } },
    ],
    [
      'has a filter that may include it',
      'unknown',
      'filter on custom security attributes',
      { clients: { includeServicePrincipals: [], servicePrincipalFilter: FILTER } },
    ],
    [
      'has a filter, and excludes it by name',
      'notCovered',
      undefined,
      { clients: { ...ALL, excludeServicePrincipals: [ID], servicePrincipalFilter: FILTER } },
    ],
    [
      'has a filter, for another level',
      'notCovered',
      undefined,
      {
        clients: { ...ALL, servicePrincipalFilter: FILTER },
        conditions: { servicePrincipalRiskLevels: ['low'] },
      },
    ],
    [
      'filters out, and does not include it',
      'notCovered',
      undefined,
      {
        clients: {
          includeServicePrincipals: [OTHER],
          servicePrincipalFilter: { ...FILTER, mode: 'exclude' },
        },
      },
    ],
    [
      'blocks outside of some places, at all levels',
      'unknown',
      'depends on where it signs in from',
      {
        conditions: {
          servicePrincipalRiskLevels: [],
          locations: { includeLocations: ['All'], excludeLocations: ['AllTrusted'] },
        },
      },
    ],
    [
      'blocks everywhere',
      'blocked',
      undefined,
      { conditions: { locations: { includeLocations: ['All'], excludeLocations: [] } } },
    ],
    [
      'blocks one resource',
      'unknown',
      'blocks only some resources',
      { conditions: { applications: { includeApplications: [OTHER] } } },
    ],
    [
      'leaves out one resource',
      'unknown',
      'blocks only some resources',
      { conditions: { applications: { includeApplications: ['All'], excludeApplications: [OTHER] } } },
    ],
  ])('by a policy that %s is %s', (_, coverage, reason, parts) => {
    const found = covered([policy(parts)])
    expect([found.coverage, found.reason]).toEqual([coverage, reason])
    expect(found.policies).toHaveLength(coverage === 'notCovered' ? 0 : 1)
  })

  it('is not covered without policies', () => {
    expect(covered([])).toEqual({ coverage: 'notCovered', policies: [] })
  })

  it.each(['hidden', undefined, 'unknownFutureValue'])(
    'at level %s is known if the level does not matter',
    (level) => {
      expect(covered([policy()], { level })).toMatchObject({
        coverage: 'unknown',
        reason: 'risk level not known',
      })
      expect(covered([policy({ conditions: { servicePrincipalRiskLevels: [] } })], { level }).coverage).toBe(
        'blocked',
      )
      expect(covered([], { level }).coverage).toBe('notCovered')
    },
  )

  it('is decided by what blocks, then by what may block, then by what reports', () => {
    const may = policy({ id: 'may', clients: { ...ALL, servicePrincipalFilter: FILTER } })
    const reports = policy({ id: 'reports', state: REPORT_ONLY })
    const ids = (all: readonly JsonObject[]) => {
      const { coverage, policies } = covered(all)
      return [coverage, ...policies.map(({ id }) => id)]
    }
    expect(ids([reports, may, policy()])).toEqual(['blocked', 'policy'])
    expect(ids([reports, may])).toEqual(['unknown', 'may'])
    expect(ids([reports])).toEqual(['reportOnly', 'reports'])
  })

  it.each([
    [{ kind: 'noPermission' as const }, 'needs Policy.Read.All'],
    [{ kind: 'refused' as const, code: 'BadRequest' }, 'refused by Graph (BadRequest)'],
  ])('is unknown if policies cannot be read: %j', (fault, reason) => {
    expect(coverageBy(fault, subject())).toEqual({ coverage: 'unknown', reason, policies: [] })
  })

  it('lists at most 20 policies', () => {
    const many = Array.from({ length: 25 }, (_, n) => policy({ id: String(n) }))
    expect(covered(many).policies).toHaveLength(20)
  })
})

describe('the coverage of an agent', () => {
  const agents = { includeAgentIdServicePrincipals: ['All'], excludeAgentIdServicePrincipals: [] }
  const agent = { isAgent: true, agentKind: 'agentIdentity' }
  it.each<readonly [string, string, PolicyParts]>([
    [
      'blocks all agents at the level',
      'blocked',
      { clients: agents, conditions: { agentIdRiskLevels: 'medium,high' } },
    ],
    [
      'blocks at levels in a list',
      'blocked',
      { clients: agents, conditions: { agentIdRiskLevels: ['high'] } },
    ],
    ['blocks at every level', 'blocked', { clients: agents, conditions: { agentIdRiskLevels: null } }],
    ['blocks at another level', 'notCovered', { clients: agents, conditions: { agentIdRiskLevels: 'low' } }],
    ['excludes it', 'notCovered', { clients: { ...agents, excludeAgentIdServicePrincipals: [ID] } }],
    ['is for service principals', 'notCovered', {}],
    ['has a filter', 'unknown', { clients: { ...agents, agentIdServicePrincipalFilter: FILTER } }],
  ])('by a policy that %s is %s', (_, coverage, parts) => {
    expect(covered([policy(parts)], agent).coverage).toBe(coverage)
  })

  it('does not follow from a policy on agents to a service principal', () => {
    expect(covered([policy({ clients: agents })]).coverage).toBe('notCovered')
  })
})

describe('who is not eligible', () => {
  const found = (
    tenancy: Extract<PrincipalContext, { presence: 'found' }>['tenancy'],
    type = 'Application',
  ) => ({ presence: 'found', tenancy, servicePrincipalType: type }) as const
  it.each([
    [found('singleTenant'), undefined, undefined],
    [found('multiTenant'), 'notEligible', 'multi-tenant application'],
    [found('foreign'), 'notEligible', 'application of another tenant'],
    [found('managedIdentity', 'ManagedIdentity'), 'notEligible', 'managed identity'],
    [found('singleTenant', 'Legacy'), 'notEligible', 'service principal of type Legacy'],
    [found('unknown'), 'unknown', 'owner or audience of the application not known'],
    [{ presence: 'notFound' } as const, 'notEligible', 'service principal not found'],
    [{ unknown: 'needs Application.Read.All' }, 'unknown', 'needs Application.Read.All'],
  ])('%j: %s, %s', (principal, coverage, reason) => {
    const answer = ineligible(principal, subject())
    expect([answer?.coverage, answer?.reason]).toEqual([coverage, reason])
  })

  it.each([
    ['agentIdentity', undefined],
    [undefined, undefined],
    ['agentIdentityBlueprintPrincipal', 'notEligible'],
  ])('an agent of kind %s: %s', (agentKind, coverage) => {
    const answer = ineligible(found('foreign', 'ServiceIdentity'), subject({ isAgent: true, agentKind }))
    expect(answer?.coverage).toBe(coverage)
  })
})

describe('any policies', () => {
  const parts = fc.record({
    state: fc.constantFrom('enabled', REPORT_ONLY, 'disabled'),
    clients: fc.constantFrom<JsonObject>(
      ALL,
      { includeServicePrincipals: [ID] },
      { includeServicePrincipals: [OTHER] },
      { ...ALL, excludeServicePrincipals: [ID] },
      { ...ALL, servicePrincipalFilter: FILTER },
    ),
    conditions: fc.record({
      servicePrincipalRiskLevels: fc.subarray(['low', 'medium', 'high']),
      locations: fc.constantFrom(null, { includeLocations: ['All'], excludeLocations: ['AllTrusted'] }),
    }),
    controls: fc.constantFrom(['block'], ['mfa']),
  })
  const all = fc.array(parts.map(policy), { maxLength: 8 })
  const level = fc.constantFrom('none', 'low', 'medium', 'high', 'hidden')

  it('mean the same in any order', () => {
    fc.assert(
      fc.property(all, level, (policies, at) => {
        const backwards = covered(policies.toReversed(), { level: at }).coverage
        expect(backwards).toBe(covered(policies, { level: at }).coverage)
      }),
    )
  })

  it('with one that blocks everybody always, block', () => {
    const always = policy({ conditions: { servicePrincipalRiskLevels: [] } })
    fc.assert(
      fc.property(all, level, (policies, at) => {
        expect(covered([...policies, always], { level: at }).coverage).toBe('blocked')
      }),
    )
  })

  it('that are switched off, or only report, never block', () => {
    fc.assert(
      fc.property(all, level, (policies, at) => {
        const harmless = policies.map((one) => ({
          ...one,
          state: one['state'] === 'enabled' ? 'disabled' : (one['state'] ?? ''),
        }))
        expect(covered(harmless, { level: at }).coverage).not.toBe('blocked')
      }),
    )
  })
})
