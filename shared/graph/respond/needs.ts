import { AGENT_LICENCE, WORKLOAD_LICENCE } from '../risk-collections.ts'
import { isRiskAction, type ResponseActionName } from './response-action.ts'

/** What a request to Graph requires. */
export interface Needs {
  /** Delegated permission. */
  readonly permission: string
  /** Least privileged Entra role that allows it. */
  readonly role: string
  readonly licence: string
}

const NO_LICENCE = 'a licence of Microsoft Entra'

/** Reading applications and service principals. */
export const READ_DIRECTORY: Needs = {
  permission: 'Application.Read.All',
  role: 'Directory Readers',
  licence: NO_LICENCE,
}

/** Reading and changing the risk of service principals. */
export const SERVICE_PRINCIPAL_RISK: Needs = {
  permission: 'IdentityRiskyServicePrincipal.ReadWrite.All',
  role: 'Security Administrator',
  licence: WORKLOAD_LICENCE,
}

/** Reading and changing the risk of agents. */
export const AGENT_RISK: Needs = {
  permission: 'IdentityRiskyAgent.ReadWrite.All',
  role: 'Security Administrator',
  licence: AGENT_LICENCE,
}

/** Changing applications and service principals. */
export const WRITE_DIRECTORY: Needs = {
  permission: 'Application.ReadWrite.All',
  role: 'Cloud Application Administrator',
  licence: NO_LICENCE,
}

/** Enabling and disabling agent identities: https://learn.microsoft.com/graph/api/agentidentity-update */
export const WRITE_AGENT: Needs = {
  permission: 'AgentIdentity.EnableDisable.All',
  role: 'Agent ID Administrator',
  licence: NO_LICENCE,
}

/**
 * What an action requires, including its reads.
 * @param agents whether the identities may include agents
 */
export function needsOf(name: ResponseActionName, agents: boolean): readonly Needs[] {
  if (name === 'confirm-safe') return [READ_DIRECTORY, AGENT_RISK]
  if (isRiskAction(name)) return [READ_DIRECTORY, SERVICE_PRINCIPAL_RISK, ...(agents ? [AGENT_RISK] : [])]
  if (name === 'remove-credential') return [WRITE_DIRECTORY]
  return [WRITE_DIRECTORY, ...(agents ? [WRITE_AGENT] : [])]
}
