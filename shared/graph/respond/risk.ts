import type { IdentityType } from '../../domain/category.ts'
import type { JsonObject } from '../../encoding/json.ts'
import type { GraphClient } from '../graph-client.ts'
import { AGENT_RISK, type Needs, SERVICE_PRINCIPAL_RISK } from './needs.ts'
import { objectAt, type Read, read, textOf } from './read.ts'
import type { RiskActionName } from './response-action.ts'

/** Types of identity other than users. */
export type WorkloadType = Exclude<IdentityType, 'user'>

interface AtRisk {
  readonly id: string
  readonly type: WorkloadType
}

/** An identity's risk in Identity Protection. */
export interface Risk {
  readonly level: string
  readonly state: string
}

interface RiskArea {
  /** Relative to the endpoint, including the API version. */
  readonly path: string
  /** Name of the list of ids in an action's body. */
  readonly ids: 'servicePrincipalIds' | 'agentIds'
  readonly needs: Needs
}

/** Graph's API for the risk of each type of identity. */
export const RISK_AREA: Readonly<Record<WorkloadType, RiskArea>> = {
  servicePrincipal: {
    path: 'v1.0/identityProtection/riskyServicePrincipals',
    ids: 'servicePrincipalIds',
    needs: SERVICE_PRINCIPAL_RISK,
  },
  agent: { path: 'beta/identityProtection/riskyAgents', ids: 'agentIds', needs: AGENT_RISK },
}

/** The risk object of an identity; `undefined` if it was never at risk. */
export function riskObject(
  client: GraphClient,
  { id, type }: AtRisk,
  signal: AbortSignal,
): Promise<Read<JsonObject | undefined>> {
  const { path, needs } = RISK_AREA[type]
  return objectAt(client, `${path}/${encodeURIComponent(id)}`, needs, signal)
}

export async function riskOf(
  client: GraphClient,
  identity: AtRisk,
  signal: AbortSignal,
): Promise<Read<Risk | undefined>> {
  const object = await riskObject(client, identity, signal)
  if (!object.ok || object.value === undefined) return object.ok ? read(undefined) : object
  const { riskLevel, riskState } = object.value
  return read({ level: textOf(riskLevel) ?? 'unknown', state: textOf(riskState) ?? 'unknown' })
}

const CLOSED = ['none', 'dismissed', 'remediated', 'confirmedSafe']

/** Whether an action would change nothing. */
export function isAlready(name: RiskActionName, risk: Risk | undefined): boolean {
  switch (name) {
    case 'confirm-compromised':
      return risk?.state === 'confirmedCompromised'
    case 'confirm-safe':
      return risk?.state === 'confirmedSafe'
    case 'dismiss':
      return risk === undefined || CLOSED.includes(risk.state)
  }
}
