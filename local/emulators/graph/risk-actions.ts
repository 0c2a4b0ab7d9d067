import { createHash } from 'node:crypto'
import type { JsonObject } from '../json.ts'
import { type GraphError, notFound } from './graph-error.ts'
import { graphTime } from './graph-time.ts'
import type { EntitySet, GraphObject, Tenant } from './tenant.ts'

export type ServicePrincipalAction = 'confirmCompromised' | 'dismiss'
export type AgentAction = 'confirmCompromised' | 'confirmSafe' | 'dismiss'

/** Ticks of times that the emulator makes itself, so that none is a whole millisecond. */
const TICKS = 4321

interface Verdict {
  readonly riskLevel: string
  readonly riskState: string
  readonly riskDetail: string
}

const OF_SERVICE_PRINCIPAL: Readonly<Record<ServicePrincipalAction, Verdict>> = {
  confirmCompromised: {
    riskLevel: 'high',
    riskState: 'confirmedCompromised',
    riskDetail: 'adminConfirmedServicePrincipalCompromised',
  },
  dismiss: {
    riskLevel: 'none',
    riskState: 'dismissed',
    riskDetail: 'adminDismissedAllRiskForServicePrincipal',
  },
}

const OF_AGENT: Readonly<Record<AgentAction, Verdict>> = {
  confirmCompromised: {
    riskLevel: 'high',
    riskState: 'confirmedCompromised',
    riskDetail: 'adminConfirmedAgentCompromised',
  },
  confirmSafe: { riskLevel: 'none', riskState: 'confirmedSafe', riskDetail: 'adminConfirmedAgentSafe' },
  dismiss: { riskLevel: 'none', riskState: 'dismissed', riskDetail: 'adminDismissedRiskForAgent' },
}

/**
 * What administrators decide about risk, and what reads show afterwards: the state, the detections
 * that were open, a detection of its own for a confirmed compromise, an item of the history.
 * That an id which the tenant does not have refuses the whole request is our assumption.
 */
export class RiskActions {
  readonly #tenant: Tenant
  #detections = 0

  constructor(tenant: Tenant) {
    this.#tenant = tenant
  }

  onServicePrincipals(
    action: ServicePrincipalAction,
    ids: readonly string[],
    { atMs, by }: { readonly atMs: number; readonly by: string },
  ): GraphError | undefined {
    const missing = ids.find((id) => this.#riskyServicePrincipal(id) === undefined)
    if (missing !== undefined) return notFound(missing)
    const verdict = OF_SERVICE_PRINCIPAL[action]
    const at = graphTime(atMs, TICKS)
    for (const id of ids) {
      const changed = {
        ...this.#riskyServicePrincipal(id),
        ...verdict,
        id,
        riskLastUpdatedDateTime: at,
      }
      const isConfirmed = action === 'confirmCompromised'
      this.#tenant.putRisk(changed, {
        activity: {
          detail: verdict.riskDetail,
          riskEventTypes: isConfirmed ? ['adminConfirmedServicePrincipalCompromised'] : [],
        },
        initiatedBy: by,
      })
      this.#close('servicePrincipalRiskDetections', 'servicePrincipalId', id, {
        riskState: verdict.riskState,
        riskDetail: verdict.riskDetail,
        lastUpdatedDateTime: at,
      })
      if (isConfirmed) this.#detectOnServicePrincipal(changed, at)
    }
    return undefined
  }

  onAgents(action: AgentAction, ids: readonly string[], atMs: number): GraphError | undefined {
    const missing = ids.find((id) => this.#tenant.get('riskyAgents', id) === undefined)
    if (missing !== undefined) return notFound(missing)
    const verdict = OF_AGENT[action]
    const at = graphTime(atMs, TICKS)
    for (const id of ids) {
      this.#tenant.change('riskyAgents', id, { ...verdict, riskLastModifiedDateTime: at })
      this.#close('agentRiskDetections', 'agentId', id, {
        riskState: verdict.riskState,
        riskDetail: verdict.riskDetail,
        lastModifiedDateTime: at,
      })
      if (action === 'confirmCompromised') this.#detectOnAgent(id, at)
    }
    return undefined
  }

  /** What is known of a principal's risk; of one without any, what its service principal says. */
  #riskyServicePrincipal(id: string): GraphObject | undefined {
    const risky = this.#tenant.get('riskyServicePrincipals', id)
    if (risky !== undefined) return risky
    const principal = this.#tenant.get('servicePrincipals', id)
    return principal === undefined
      ? undefined
      : {
          id,
          isEnabled: principal['accountEnabled'] ?? true,
          isProcessing: false,
          displayName: principal['displayName'] ?? null,
          appId: principal['appId'] ?? null,
          servicePrincipalType: principal['servicePrincipalType'] ?? 'Application',
        }
  }

  /** Detections of an identity that are still at risk get the verdict. */
  #close(set: EntitySet, property: string, identityId: string, changes: JsonObject): void {
    for (const detection of this.#tenant.all(set))
      if (detection[property] === identityId && detection['riskState'] === 'atRisk')
        this.#tenant.change(set, detection.id, changes)
  }

  #nextDetectionId(): string {
    this.#detections += 1
    return createHash('sha256').update(`detection ${this.#detections}`).digest('hex')
  }

  #detectOnServicePrincipal(principal: GraphObject, at: string): void {
    this.#tenant.putUnenriched({
      id: this.#nextDetectionId(),
      requestId: null,
      correlationId: null,
      riskEventType: 'adminConfirmedServicePrincipalCompromised',
      riskState: 'confirmedCompromised',
      riskLevel: 'high',
      riskDetail: 'adminConfirmedServicePrincipalCompromised',
      source: 'IdentityProtection',
      detectionTimingType: 'offline',
      activity: 'servicePrincipal',
      tokenIssuerType: 'AzureAD',
      ipAddress: null,
      location: null,
      activityDateTime: at,
      detectedDateTime: at,
      lastUpdatedDateTime: at,
      servicePrincipalId: principal.id,
      servicePrincipalDisplayName: principal['displayName'] ?? null,
      appId: principal['appId'] ?? null,
      keyIds: [],
      additionalInfo: '[{"Key":"mitreTechniques","Value":"T1078"}]',
    })
  }

  #detectOnAgent(id: string, at: string): void {
    const agent = this.#tenant.get('riskyAgents', id)
    this.#tenant.put('agentRiskDetections', {
      id: this.#nextDetectionId(),
      agentId: id,
      agentDisplayName: agent?.['agentDisplayName'] ?? null,
      identityType: agent?.['identityType'] ?? null,
      blueprintId: agent?.['blueprintId'] ?? null,
      riskEventType: 'adminConfirmedAgentCompromised',
      riskState: 'confirmedCompromised',
      riskLevel: 'high',
      riskDetail: 'adminConfirmedAgentCompromised',
      detectionTimingType: 'offline',
      riskEvidence: null,
      additionalInfo: null,
      activityDateTime: at,
      detectedDateTime: at,
      lastModifiedDateTime: at,
    })
  }
}
