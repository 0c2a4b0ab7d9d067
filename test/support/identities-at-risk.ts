import { SEEDED } from '../../local/emulators/graph/seed-names.ts'
import type { JsonObject } from '../../shared/encoding/json.ts'

const { buildPipeline, expenseAssistant, mailArchiver, warehouseSync } = SEEDED
/** As the tests' pipeline has it. */
const TENANT = '11111111-2222-4333-8444-555555555555'

const record = (category: string, origin: string | undefined, properties: JsonObject): JsonObject => ({
  category,
  ...(origin === undefined ? {} : { origin }),
  tenantId: TENANT,
  properties,
})

interface Subject {
  readonly id: string
  readonly appId?: string
  readonly displayName?: string
}

const detection = (of: Subject, id: string, properties: JsonObject): JsonObject =>
  record('ServicePrincipalRiskEvents', undefined, {
    id,
    servicePrincipalId: of.id,
    appId: of.appId ?? null,
    servicePrincipalDisplayName: of.displayName ?? null,
    riskState: 'atRisk',
    riskDetail: 'none',
    ...properties,
  })

const state = (of: Subject, at: string, properties: JsonObject): JsonObject =>
  record('RiskyServicePrincipals', undefined, {
    id: of.id,
    appId: of.appId ?? null,
    displayName: of.displayName ?? null,
    servicePrincipalType: 'Application',
    riskLastUpdatedDateTime: at,
    riskDetail: 'none',
    ...properties,
  })

const contextOf = (of: Subject, type: string, at: string, context: JsonObject): JsonObject =>
  record('RiskExport.IdentityContext', 'exporter', {
    collectedDateTime: at,
    identityId: of.id,
    identityType: type,
    displayName: of.displayName ?? null,
    appId: of.appId ?? null,
    subtype: null,
    accountEnabled: null,
    riskLevel: 'high',
    riskState: 'atRisk',
    context,
  })

const response = (of: Subject, type: string, at: string, content: JsonObject): JsonObject =>
  record('RiskExport.ResponseAction', 'operator', {
    actedDateTime: at,
    identityId: of.id,
    identityType: type,
    displayName: of.displayName ?? null,
    appId: of.appId ?? null,
    riskLevel: 'high',
    riskState: 'atRisk',
    response: {
      result: 'done',
      requestId: '3b9e1d70-5c28-4f6a-9d04-a7e2c81f5b63',
      actorId: SEEDED.inesVarga,
      ...content,
    },
  })

const secret = (keyId: string, on: string, startsAt: string, namedByDetection: boolean): JsonObject => ({
  on,
  type: 'password',
  keyId,
  startsAt,
  endsAt: '2027-10-01T08:00:00Z',
  ageDays: 341,
  expired: false,
  namedByDetection,
})

const PIPELINE: Subject = { ...buildPipeline, displayName: 'build-pipeline' }
const CERTIFICATE: JsonObject = {
  on: 'application',
  type: 'certificate',
  keyId: buildPipeline.certificateKeyId,
  startsAt: '2026-01-15T00:00:00Z',
  endsAt: '2027-01-15T00:00:00Z',
  ageDays: 235,
  expired: false,
  namedByDetection: false,
}
const ADDED = 'e30b7f9c-18d4-4a52-b6c7-95f2d80a4e13'

const PERMISSION: JsonObject = {
  permission: 'RoleManagement.ReadWrite.Directory',
  resource: 'Microsoft Graph',
  type: 'application',
  tier: 0,
}

const PIPELINE_CONTEXT: JsonObject = {
  principal: {
    presence: 'found',
    servicePrincipalType: 'Application',
    enabled: true,
    tenancy: 'singleTenant',
    signInAudience: 'AzureADMyOrg',
    createdAt: '2025-03-11T09:20:00Z',
  },
  owners: [
    { on: 'application', id: SEEDED.inesVarga, type: 'user' },
    { on: 'servicePrincipal', id: SEEDED.inesVarga, type: 'user' },
  ],
  credentials: [
    CERTIFICATE,
    secret(buildPipeline.leakedKeyId, 'application', '2025-10-01T08:00:00Z', true),
    secret(ADDED, 'servicePrincipal', '2026-09-04T01:12:00Z', false),
  ],
  federatedCredentials: [
    {
      on: 'application',
      name: 'release',
      issuer: 'https://token.actions.githubusercontent.com',
      subject: 'repo:halden/build-pipeline:ref:refs/heads/main',
      audiences: ['api://AzureADTokenExchange'],
    },
  ],
  permissions: {
    worst: PERMISSION,
    granted: [
      PERMISSION,
      {
        permission: 'Application.ReadWrite.OwnedBy',
        resource: 'Microsoft Graph',
        type: 'application',
        tier: 1,
      },
    ],
  },
  directoryRoles: [],
  riskHistory: [{ at: '2026-09-05T10:00:00Z', level: 'medium', state: 'atRisk', detail: 'none' }],
  conditionalAccess: {
    coverage: 'reportOnly',
    policies: [{ id: 'p', name: 'Block risky workloads', state: 'reportOnly' }],
  },
}

/** A single-tenant application whose secret leaked, with what was done about it. */
export const LEAKED: readonly JsonObject[] = [
  detection(PIPELINE, 'suspicious-1', {
    riskEventType: 'suspiciousSignins',
    riskLevel: 'medium',
    activityDateTime: '2026-09-03T22:14:05Z',
    detectedDateTime: '2026-09-05T10:00:00Z',
    lastUpdatedDateTime: '2026-09-05T10:00:00Z',
    ipAddress: '203.0.113.77',
    location: { city: 'Rotterdam', state: 'Zuid-Holland', countryOrRegion: 'NL' },
  }),
  detection(PIPELINE, 'leaked-1', {
    riskEventType: 'leakedCredentials',
    riskLevel: 'high',
    activityDateTime: '2026-09-07T07:05:09Z',
    detectedDateTime: '2026-09-07T07:08:41Z',
    lastUpdatedDateTime: '2026-09-07T07:08:41Z',
    keyIds: [buildPipeline.leakedKeyId],
  }),
  state(PIPELINE, '2026-09-07T07:08:42Z', { riskState: 'atRisk', riskLevel: 'high', accountEnabled: true }),
  contextOf(PIPELINE, 'servicePrincipal', '2026-09-07T07:09:30Z', PIPELINE_CONTEXT),
  response(PIPELINE, 'servicePrincipal', '2026-09-07T07:31:10Z', {
    action: 'confirm-compromised',
    reason: 'Secret in a public repository',
  }),
  state(PIPELINE, '2026-09-07T07:31:12Z', {
    riskState: 'confirmedCompromised',
    riskLevel: 'high',
    riskDetail: 'adminConfirmedServicePrincipalCompromised',
    accountEnabled: true,
  }),
  response(PIPELINE, 'servicePrincipal', '2026-09-07T07:33:40Z', {
    action: 'disable',
    reason: 'Secret in a public repository',
  }),
  response(PIPELINE, 'servicePrincipal', '2026-09-07T08:02:15Z', {
    action: 'remove-credential',
    reason: 'Secret in a public repository',
    credential: { keyId: buildPipeline.leakedKeyId, type: 'password', on: 'application' },
  }),
]

const ASSISTANT: Subject = { ...expenseAssistant, displayName: 'Expense Assistant' }

/** An agent identity, whose sponsor is known and some of whose context is not. */
export const AGENT: readonly JsonObject[] = [
  record('AgentRiskEvents', undefined, {
    id: 'unfamiliar-1',
    agentId: expenseAssistant.id,
    agentDisplayName: 'Expense Assistant',
    identityType: 'agentIdentity',
    blueprintId: expenseAssistant.blueprintId,
    riskEventType: 'unfamiliarResourceAccess',
    riskState: 'atRisk',
    riskLevel: 'medium',
    riskDetail: 'none',
    riskEvidence: 'Agent accessed a resource it does not normally access.',
    activityDateTime: '2026-09-14T10:05:00Z',
    detectedDateTime: '2026-09-14T10:31:07Z',
    lastModifiedDateTime: '2026-09-14T10:31:07Z',
  }),
  record('RiskyAgents', undefined, {
    id: expenseAssistant.id,
    agentDisplayName: 'Expense Assistant',
    identityType: 'agentIdentity',
    blueprintId: expenseAssistant.blueprintId,
    isEnabled: true,
    isDeleted: false,
    riskLastModifiedDateTime: '2026-09-14T10:31:08Z',
    riskState: 'atRisk',
    riskLevel: 'medium',
    riskDetail: 'none',
  }),
  contextOf(ASSISTANT, 'agent', '2026-09-14T10:32:00Z', {
    principal: {
      presence: 'found',
      servicePrincipalType: 'ServiceIdentity',
      enabled: true,
      tenancy: 'singleTenant',
    },
    owners: [{ on: 'servicePrincipal', id: SEEDED.inesVarga, type: 'user' }],
    sponsors: [{ on: 'servicePrincipal', id: SEEDED.jonOkafor, type: 'user' }],
    credentials: [],
    federatedCredentials: [],
    permissions: { unknown: 'needs Application.Read.All' },
    directoryRoles: { unknown: 'needs RoleManagement.Read.Directory' },
    riskHistory: [],
    conditionalAccess: {
      coverage: 'blocked',
      policies: [{ id: 'q', name: 'Block risky agents', state: 'enabled' }],
    },
  }),
]

const ARCHIVER: Subject = { ...mailArchiver, displayName: 'mail-archiver' }
const GONE: JsonObject = { unknown: 'service principal not found' }

/** A service principal that somebody deleted after it was detected. */
export const DELETED: readonly JsonObject[] = [
  detection(ARCHIVER, 'traffic-1', {
    riskEventType: 'suspiciousAPITraffic',
    riskLevel: 'medium',
    activityDateTime: '2026-09-09T18:00:00Z',
    detectedDateTime: '2026-09-10T03:30:00Z',
    lastUpdatedDateTime: '2026-09-10T03:30:00Z',
  }),
  state(ARCHIVER, '2026-09-10T03:30:01Z', { riskState: 'atRisk', riskLevel: 'medium' }),
  contextOf(ARCHIVER, 'servicePrincipal', '2026-09-10T03:31:00Z', {
    principal: { presence: 'notFound' },
    owners: GONE,
    credentials: GONE,
    federatedCredentials: GONE,
    permissions: GONE,
    directoryRoles: GONE,
    riskHistory: [],
    conditionalAccess: {
      coverage: 'unknown',
      reason: 'service principal not found',
      policies: [],
    },
  }),
  state(ARCHIVER, '2026-09-11T08:00:00Z', {
    riskState: 'dismissed',
    riskLevel: 'none',
    riskDetail: 'adminDismissedAllRiskForServicePrincipal',
  }),
]

/** An application that nobody has looked at yet, and without a licence that would show its level. */
export const WITHOUT_CONTEXT: readonly JsonObject[] = [
  detection({ ...warehouseSync, displayName: 'warehouse-sync' }, 'generic-1', {
    riskEventType: 'generic',
    riskLevel: 'hidden',
    riskDetail: 'hidden',
    detectedDateTime: '2026-09-17T20:07:12Z',
    lastUpdatedDateTime: '2026-09-17T20:07:12Z',
  }),
]
