import type { CoverageContext, PrincipalContext, Section, Unknown } from '../../domain/identity-context.ts'
import { LIMITS } from './bounded.ts'
import type { BlockingPolicy, PolicyTarget } from './policy.ts'
import type { Policies } from './policy-cache.ts'
import { type Needs, unknownOf } from './reading.ts'

const READ_POLICIES: Needs = {
  permission: 'Policy.Read.All',
  licence: 'Microsoft Entra ID P1',
}
const LEVELS: ReadonlySet<string> = new Set(['none', 'low', 'medium', 'high'])

/** Whom coverage is asked for. */
export interface CoverageSubject {
  readonly id: string
  readonly isAgent: boolean
  /** An agent's kind in the directory, such as `agentIdentity`. */
  readonly agentKind: string | undefined
  readonly level: string | undefined
}

const without = (coverage: 'notEligible' | 'unknown', reason: string): CoverageContext => ({
  coverage,
  reason,
  policies: [],
})

const isUnknown = <T extends object>(section: Section<T>): section is Unknown => 'unknown' in section

/**
 * Conditional Access is for agent identities, and for service principals of applications that are
 * registered in the tenant and only for it:
 * https://learn.microsoft.com/entra/identity/conditional-access/workload-identity
 * @returns the answer, if it does not take policies; `undefined` if the identity is eligible
 */
export function ineligible(
  principal: Section<PrincipalContext>,
  { isAgent, agentKind }: CoverageSubject,
): CoverageContext | undefined {
  if (isUnknown(principal)) return without('unknown', principal.unknown)
  if (principal.presence === 'notFound') return without('notEligible', 'service principal not found')
  if (isAgent)
    return agentKind === undefined || agentKind === 'agentIdentity'
      ? undefined
      : without('notEligible', `agent of kind ${agentKind}`)
  switch (principal.tenancy) {
    case 'managedIdentity':
      return without('notEligible', 'managed identity')
    case 'foreign':
      return without('notEligible', 'application of another tenant')
    case 'multiTenant':
      return without('notEligible', 'multi-tenant application')
    case 'unknown':
      return without('unknown', 'owner or audience of the application not known')
    case 'singleTenant': {
      const { servicePrincipalType: type = 'Application' } = principal
      return type === 'Application' ? undefined : without('notEligible', `service principal of type ${type}`)
    }
  }
}

/** Whether a policy blocks an identity: `true`, `false`, or what it depends on. */
type Verdict = boolean | string

function verdict(
  policy: BlockingPolicy,
  target: PolicyTarget,
  all: string,
  subject: CoverageSubject,
): Verdict {
  const names = [subject.id.toLowerCase(), all.toLowerCase()]
  const isIn = (set: ReadonlySet<string>): boolean => names.some((name) => set.has(name))
  const { include, exclude, filter, levels } = target
  const level = subject.level?.toLowerCase() ?? ''
  const isLevelKnown = LEVELS.has(level)
  if (isIn(exclude) || (isLevelKnown && levels.size > 0 && !levels.has(level))) return false
  // A filter that includes may add identities that are not listed.
  if (!isIn(include) && filter !== 'include') return false
  if (filter !== undefined) return 'filter on custom security attributes'
  if (levels.size > 0 && !isLevelKnown) return 'risk level not known'
  return policy.dependsOn ?? true
}

/** Whether policies stop an eligible identity at its risk level, and which ones decide it. */
export function coverageBy(policies: Policies, subject: CoverageSubject): CoverageContext {
  if ('kind' in policies) return without('unknown', unknownOf(policies, READ_POLICIES).unknown)
  const verdicts = policies.map((policy) => ({
    listed: policy.listed,
    verdict: subject.isAgent
      ? verdict(policy, policy.agents, 'All', subject)
      : verdict(policy, policy.servicePrincipals, 'ServicePrincipalsInMyTenant', subject),
  }))
  const decided = (
    coverage: CoverageContext['coverage'],
    by: typeof verdicts,
    reason?: string,
  ): CoverageContext => ({
    coverage,
    ...(reason === undefined ? {} : { reason }),
    policies: by.slice(0, LIMITS.policies).map(({ listed }) => listed),
  })
  for (const state of ['enabled', 'reportOnly'] as const) {
    const ofState = verdicts.filter(({ listed }) => listed.state === state)
    const blocking = ofState.filter((one) => one.verdict === true)
    if (blocking.length > 0) return decided(state === 'enabled' ? 'blocked' : 'reportOnly', blocking)
    const open = ofState.filter((one) => typeof one.verdict === 'string')
    const [first] = open
    if (first !== undefined) return decided('unknown', open, String(first.verdict))
  }
  return decided('notCovered', [])
}
