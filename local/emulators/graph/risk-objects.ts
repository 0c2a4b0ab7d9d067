import type { JsonObject } from '../json.ts'
import type { GraphObject } from './tenant.ts'

/** A risk detection with every property that Microsoft Graph answers. */
export const riskDetection = (
  given: JsonObject & { readonly id: string; readonly servicePrincipalId: string },
): GraphObject => ({
  requestId: null,
  correlationId: null,
  riskEventType: 'leakedCredentials',
  riskState: 'atRisk',
  riskLevel: 'high',
  riskDetail: 'none',
  source: 'IdentityProtection',
  detectionTimingType: 'offline',
  activity: 'servicePrincipal',
  tokenIssuerType: 'AzureAD',
  ipAddress: null,
  location: null,
  activityDateTime: '2026-02-27T08:00:00Z',
  detectedDateTime: '2026-02-27T09:15:22.6789012Z',
  lastUpdatedDateTime: '2026-02-27T09:15:22.6789012Z',
  servicePrincipalDisplayName: null,
  appId: null,
  keyIds: [],
  additionalInfo: '[]',
  ...given,
})

/** A risky service principal with every property that Microsoft Graph answers. */
export const riskyServicePrincipal = (given: JsonObject & { readonly id: string }): GraphObject => ({
  isEnabled: true,
  isProcessing: false,
  riskLastUpdatedDateTime: '2026-02-27T09:15:22.7000000Z',
  riskLevel: 'high',
  riskState: 'atRisk',
  riskDetail: 'none',
  displayName: null,
  appId: null,
  servicePrincipalType: 'Application',
  ...given,
})

/** An agent's risk detection with every property that Microsoft Graph (beta) answers. */
export const agentRiskDetection = (
  given: JsonObject & { readonly id: string; readonly agentId: string },
): GraphObject => ({
  agentDisplayName: null,
  identityType: 'agentIdentity',
  blueprintId: null,
  riskEventType: 'unfamiliarResourceAccess',
  riskState: 'atRisk',
  riskLevel: 'medium',
  riskDetail: 'none',
  riskEvidence: null,
  detectionTimingType: 'offline',
  signInCorrelationId: null,
  signInRequestId: null,
  clientSessionId: null,
  additionalInfo: null,
  activityDateTime: '2026-02-27T10:00:00Z',
  detectedDateTime: '2026-02-27T11:30:05.1234567Z',
  lastModifiedDateTime: '2026-02-27T11:30:05.1234567Z',
  ...given,
})

/** A risky agent with every property that Microsoft Graph (beta) answers. */
export const riskyAgent = (given: JsonObject & { readonly id: string }): GraphObject => ({
  '@odata.type': '#microsoft.graph.riskyAgentIdentity',
  agentDisplayName: null,
  identityType: 'agentIdentity',
  blueprintId: null,
  isDeleted: false,
  isEnabled: true,
  isProcessing: false,
  riskLastModifiedDateTime: '2026-02-27T11:30:05.2000000Z',
  riskLevel: 'medium',
  riskState: 'atRisk',
  riskDetail: 'none',
  ...given,
})
