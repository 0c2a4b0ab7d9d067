import type { JsonObject } from '../encoding/json.ts'

/** A collection in Identity Protection, and the category of its records in the stream. */
export interface RiskCollection {
  readonly name: string
  /** Relative to the endpoint, including the API version. */
  readonly path: string
  readonly category:
    | 'ServicePrincipalRiskEvents'
    | 'RiskyServicePrincipals'
    | 'AgentRiskEvents'
    | 'RiskyAgents'
  /** Application permission to read it. */
  readonly permission: string
  readonly licence: string
  /** Whether each object has a history of its earlier states. */
  readonly hasHistory: boolean
}

/** Graph's maximum; it rejects larger pages. */
const PAGE = '$top=500'
export const WORKLOAD_LICENCE = 'Microsoft Entra Workload ID Premium'
/**
 * P2 in preview, Agent 365 thereafter:
 * https://learn.microsoft.com/entra/id-protection/concept-risky-agents#licensing
 */
export const AGENT_LICENCE = 'Microsoft Entra ID P2, or Microsoft Agent 365'

const WORKLOADS: readonly RiskCollection[] = [
  {
    name: 'servicePrincipalRiskDetections',
    path: `v1.0/identityProtection/servicePrincipalRiskDetections?${PAGE}`,
    category: 'ServicePrincipalRiskEvents',
    permission: 'IdentityRiskEvent.Read.All',
    licence: WORKLOAD_LICENCE,
    hasHistory: false,
  },
  {
    name: 'riskyServicePrincipals',
    path: `v1.0/identityProtection/riskyServicePrincipals?${PAGE}`,
    category: 'RiskyServicePrincipals',
    permission: 'IdentityRiskyServicePrincipal.Read.All',
    licence: WORKLOAD_LICENCE,
    hasHistory: true,
  },
]

const AGENTS: readonly RiskCollection[] = [
  {
    name: 'agentRiskDetections',
    path: `beta/identityProtection/agentRiskDetections?${PAGE}`,
    category: 'AgentRiskEvents',
    permission: 'IdentityRiskEvent.Read.All',
    licence: AGENT_LICENCE,
    hasHistory: false,
  },
  {
    name: 'riskyAgents',
    path: `beta/identityProtection/riskyAgents?${PAGE}`,
    category: 'RiskyAgents',
    permission: 'IdentityRiskyAgent.Read.All',
    licence: AGENT_LICENCE,
    hasHistory: false,
  },
]

/** @param agents include those of agents, whose API is in beta */
export const riskCollections = (agents: boolean): readonly RiskCollection[] =>
  agents ? [...WORKLOADS, ...AGENTS] : WORKLOADS

/** All states of an object, from the first. */
export const historyPath = (id: string): string =>
  `v1.0/identityProtection/riskyServicePrincipals/${encodeURIComponent(id)}/history?${PAGE}`

/** Converts an object of a collection into a record as in the stream. */
export const recordOf = ({ category }: RiskCollection, object: JsonObject, tenantId: string): JsonObject => ({
  category,
  origin: 'graph',
  tenantId,
  properties: Object.fromEntries(Object.entries(object).filter(([name]) => !name.startsWith('@odata.'))),
})

/** The object as it was at one point of its history. */
export const stateOf = (object: JsonObject, item: JsonObject): JsonObject => ({
  ...object,
  ...item,
  id: object['id'] ?? '',
})
