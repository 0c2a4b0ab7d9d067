import { type GraphError, graphError, isGraphError } from './graph-error.ts'
import type { GraphRequest } from './graph-request.ts'
import {
  agentRiskDetection,
  type EntityType,
  riskyAgent,
  riskyServicePrincipal,
  riskyServicePrincipalHistoryItem,
  servicePrincipalRiskDetection,
} from './odata/entity-type.ts'
import { listPage, oneObject } from './odata/list.ts'
import { parseIds } from './parse-body.ts'
import { type AgentAction, RiskActions, type ServicePrincipalAction } from './risk-actions.ts'
import { type Answer, BETA, BOTH, type Route } from './route.ts'
import type { EntitySet, GraphObject, Tenant } from './tenant.ts'

const unknownRisk = (id: string): GraphError =>
  graphError(404, 'NotFound', `${id} is not known to be at risk.`)

const WRITE_SERVICE_PRINCIPALS = ['IdentityRiskyServicePrincipal.ReadWrite.All']
const READ_SERVICE_PRINCIPALS = ['IdentityRiskyServicePrincipal.Read.All', ...WRITE_SERVICE_PRINCIPALS]
const WRITE_AGENTS = ['IdentityRiskyAgent.ReadWrite.All']
const READ_AGENTS = ['IdentityRiskyAgent.Read.All', ...WRITE_AGENTS]
const READ_DETECTIONS = ['IdentityRiskEvent.Read.All']

/** Risk of workload identities. @param pageSize of a list without `$top` */
export function riskRoutes(tenant: Tenant, pageSize: number): readonly Route[] {
  const actions = new RiskActions(tenant)

  const one = (
    request: GraphRequest,
    object: GraphObject | undefined,
    id: string,
    type: EntityType,
  ): Answer => (object === undefined ? unknownRisk(id) : oneObject(request, object, type))

  /** List and single object of a set. */
  const reads = (
    set: EntitySet,
    type: EntityType,
    common: Pick<Route, 'versions' | 'permissions' | 'licence'>,
  ): readonly Route[] => [
    {
      ...common,
      method: 'GET',
      path: `identityProtection/${set}`,
      answer: (request) => listPage(request, tenant.all(set), type, pageSize),
    },
    {
      ...common,
      method: 'GET',
      path: `identityProtection/${set}/{id}`,
      answer: (request, id = '') => one(request, tenant.get(set, id), id, type),
    },
  ]

  const workload = { versions: BOTH, licence: 'workloadIdentitiesPremium' } as const
  const agents = { versions: BETA, licence: 'entraIdP2' } as const

  const servicePrincipalAction = (action: ServicePrincipalAction): Route => ({
    ...workload,
    method: 'POST',
    path: `identityProtection/riskyServicePrincipals/${action}`,
    permissions: WRITE_SERVICE_PRINCIPALS,
    answer: ({ body, principal, atMs }) => {
      const ids = parseIds(body, 'servicePrincipalIds')
      return isGraphError(ids) ? ids : actions.onServicePrincipals(action, ids, { atMs, by: principal.id })
    },
  })

  const agentAction = (action: AgentAction): Route => ({
    ...agents,
    method: 'POST',
    path: `identityProtection/riskyAgents/${action}`,
    permissions: WRITE_AGENTS,
    answer: ({ body, atMs }) => {
      const ids = parseIds(body, 'agentIds')
      return isGraphError(ids) ? ids : actions.onAgents(action, ids, atMs)
    },
  })

  return [
    ...reads('servicePrincipalRiskDetections', servicePrincipalRiskDetection, {
      ...workload,
      permissions: READ_DETECTIONS,
    }),
    ...reads('riskyServicePrincipals', riskyServicePrincipal, {
      ...workload,
      permissions: READ_SERVICE_PRINCIPALS,
    }),
    {
      ...workload,
      method: 'GET',
      path: 'identityProtection/riskyServicePrincipals/{id}/history',
      permissions: READ_SERVICE_PRINCIPALS,
      answer: (request, id = '') =>
        tenant.get('riskyServicePrincipals', id) === undefined
          ? unknownRisk(id)
          : listPage(request, tenant.children('history', id), riskyServicePrincipalHistoryItem, pageSize),
    },
    servicePrincipalAction('confirmCompromised'),
    servicePrincipalAction('dismiss'),
    ...reads('agentRiskDetections', agentRiskDetection, { ...agents, permissions: READ_DETECTIONS }),
    ...reads('riskyAgents', riskyAgent, { ...agents, permissions: READ_AGENTS }),
    agentAction('confirmCompromised'),
    agentAction('confirmSafe'),
    agentAction('dismiss'),
  ]
}
