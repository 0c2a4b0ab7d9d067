import type { RiskHistoryContext } from '../../domain/identity-context.ts'
import type { JsonObject } from '../../encoding/json.ts'
import { AGENT_LICENCE, historyPath, WORKLOAD_LICENCE } from '../risk-collections.ts'
import { type Bounded, LIMITS, unread } from './bounded.ts'
import { present } from './principal.ts'
import { type Needs, type Reading, textIn, timeIn, unknownOf } from './reading.ts'

const OF_SERVICE_PRINCIPAL: Needs = {
  permission: 'IdentityRiskyServicePrincipal.Read.All',
  licence: WORKLOAD_LICENCE,
}
const OF_AGENT: Needs = { permission: 'IdentityRiskyAgent.Read.All', licence: AGENT_LICENCE }

/** Agents have no history, only a current state. */
export const riskPath = (id: string, isAgent: boolean): string =>
  isAgent ? `beta/identityProtection/riskyAgents/${encodeURIComponent(id)}` : historyPath(id)

/** The states read, oldest first. */
export function statesIn(reading: Reading, isAgent: boolean): readonly JsonObject[] {
  if (!reading.ok) return []
  const atOf = (object: JsonObject): string => contextOf(object)?.at ?? ''
  return (isAgent ? [reading.object] : reading.list).toSorted((a, b) => (atOf(a) < atOf(b) ? -1 : 1))
}

function contextOf(object: JsonObject): RiskHistoryContext | undefined {
  const at = timeIn(object['riskLastUpdatedDateTime'] ?? object['riskLastModifiedDateTime'])
  return at === undefined
    ? undefined
    : present<RiskHistoryContext>({
        at,
        level: textIn(object['riskLevel']),
        state: textIn(object['riskState']),
        detail: textIn(object['riskDetail']),
      })
}

/** The latest states, oldest first. */
export function historySection(reading: Reading, isAgent: boolean): Bounded<readonly RiskHistoryContext[]> {
  // `notFound`: Identity Protection does not know the identity.
  if (!reading.ok && reading.fault.kind !== 'notFound')
    return unread(unknownOf(reading.fault, isAgent ? OF_AGENT : OF_SERVICE_PRINCIPAL))
  const all = statesIn(reading, isAgent).flatMap((object) => contextOf(object) ?? [])
  const section = all.slice(-LIMITS.riskHistory)
  return { section, leftOut: all.length - section.length + (reading.ok && reading.more ? 1 : 0) }
}
