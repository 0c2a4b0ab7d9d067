import type { Json } from '../encoding/json.ts'

/** Entra diagnostic log categories that are normalised, as Microsoft spells them. */
export const WORKLOAD_CATEGORIES = [
  'RiskyServicePrincipals',
  'ServicePrincipalRiskEvents',
  'RiskyAgents',
  'AgentRiskEvents',
] as const

/** The same for users: personal data, and therefore opt-in. */
export const USER_CATEGORIES = ['RiskyUsers', 'UserRiskEvents'] as const

/** The exporter's own records, which pass through the hub like all others. */
export const HEARTBEAT_CATEGORY = 'RiskExport.Heartbeat'
/** What the exporter read about an identity at risk. */
export const CONTEXT_CATEGORY = 'RiskExport.IdentityContext'
/** What an operator did about an identity. */
export const RESPONSE_CATEGORY = 'RiskExport.ResponseAction'

/** Categories of the exporter's own records. */
export const OWN_CATEGORIES = [HEARTBEAT_CATEGORY, CONTEXT_CATEGORY, RESPONSE_CATEGORY] as const
export type OwnCategory = (typeof OWN_CATEGORIES)[number]

/** All categories that are exported. */
export const EXPORTED_CATEGORIES = [...WORKLOAD_CATEGORIES, ...USER_CATEGORIES, ...OWN_CATEGORIES] as const

export type RiskCategory = (typeof WORKLOAD_CATEGORIES)[number] | (typeof USER_CATEGORIES)[number]

export const IDENTITY_TYPES = ['servicePrincipal', 'agent', 'user'] as const
export type IdentityType = (typeof IDENTITY_TYPES)[number]

export const isIdentityType = (value: Json): value is IdentityType =>
  (IDENTITY_TYPES as readonly Json[]).includes(value)

/** What a category's records are about. */
export interface CategoryMeaning {
  readonly category: RiskCategory
  readonly kind: 'riskDetection' | 'riskyIdentity'
  readonly identityType: IdentityType
}

const meanings: readonly CategoryMeaning[] = [
  { category: 'RiskyServicePrincipals', kind: 'riskyIdentity', identityType: 'servicePrincipal' },
  { category: 'ServicePrincipalRiskEvents', kind: 'riskDetection', identityType: 'servicePrincipal' },
  { category: 'RiskyAgents', kind: 'riskyIdentity', identityType: 'agent' },
  { category: 'AgentRiskEvents', kind: 'riskDetection', identityType: 'agent' },
  { category: 'RiskyUsers', kind: 'riskyIdentity', identityType: 'user' },
  { category: 'UserRiskEvents', kind: 'riskDetection', identityType: 'user' },
]

const byLowerCase: ReadonlyMap<string, CategoryMeaning> = new Map(
  meanings.map((m) => [m.category.toLowerCase(), m]),
)

/** The meaning of a category, case-insensitive; `undefined` if it is not normalised. */
export const categoryMeaning = (name: string): CategoryMeaning | undefined =>
  byLowerCase.get(name.toLowerCase())
