export type Operator = 'eq' | 'ge' | 'le' | 'startsWith'

/** What a list can be asked for, as far as it is documented. */
export interface EntityType {
  readonly name: string
  /** Properties that there are; none given: any. */
  readonly properties?: readonly string[]
  /** Operators of `$filter` per property. */
  readonly filters: Readonly<Record<string, readonly Operator[]>>
  readonly maxTop: number
  /** Query options beside `$top`, `$filter`, `$select` and `$skiptoken`. */
  readonly options: readonly string[]
}

const EQUAL = ['eq'] as const
const TIME = ['eq', 'ge', 'le'] as const
const TEXT = ['eq', 'startsWith'] as const
const RISK = { riskDetail: EQUAL, riskLevel: EQUAL, riskState: EQUAL }

/**
 * Filters: the properties' descriptions and the example of the list operation. Source:
 * https://learn.microsoft.com/graph/api/resources/serviceprincipalriskdetection
 */
export const servicePrincipalRiskDetection: EntityType = {
  name: 'servicePrincipalRiskDetection',
  properties: [
    'id',
    'requestId',
    'correlationId',
    'riskEventType',
    'riskState',
    'riskLevel',
    'riskDetail',
    'source',
    'detectionTimingType',
    'activity',
    'tokenIssuerType',
    'ipAddress',
    'location',
    'activityDateTime',
    'detectedDateTime',
    'lastUpdatedDateTime',
    'servicePrincipalId',
    'servicePrincipalDisplayName',
    'appId',
    'keyIds',
    'additionalInfo',
  ],
  filters: { requestId: EQUAL, servicePrincipalId: EQUAL, riskEventType: EQUAL, riskLevel: EQUAL },
  maxTop: 500,
  options: [],
}

const RISKY_SERVICE_PRINCIPAL = [
  'id',
  'isEnabled',
  'isProcessing',
  'riskLastUpdatedDateTime',
  'riskLevel',
  'riskState',
  'riskDetail',
  'displayName',
  'appId',
  'servicePrincipalType',
] as const

/**
 * `id` by the examples of the permissions reference. Source:
 * https://learn.microsoft.com/graph/api/resources/riskyserviceprincipal
 */
export const riskyServicePrincipal: EntityType = {
  name: 'riskyServicePrincipal',
  properties: RISKY_SERVICE_PRINCIPAL,
  filters: { id: EQUAL, riskLevel: EQUAL, riskLastUpdatedDateTime: EQUAL },
  maxTop: 500,
  options: ['$count'],
}

export const riskyServicePrincipalHistoryItem: EntityType = {
  name: 'riskyServicePrincipalHistoryItem',
  properties: [...RISKY_SERVICE_PRINCIPAL, 'activity', 'initiatedBy'],
  filters: {},
  maxTop: 500,
  options: [],
}

/** Source: https://learn.microsoft.com/graph/api/resources/agentriskdetection?view=graph-rest-beta */
export const agentRiskDetection: EntityType = {
  name: 'agentRiskDetection',
  filters: {
    ...RISK,
    id: TEXT,
    agentId: TEXT,
    agentDisplayName: TEXT,
    identityType: EQUAL,
    riskEventType: EQUAL,
    riskEvidence: EQUAL,
    activityDateTime: TIME,
    detectedDateTime: TIME,
    lastModifiedDateTime: TIME,
  },
  maxTop: 500,
  options: [],
}

/** Source: https://learn.microsoft.com/graph/api/resources/riskyagent?view=graph-rest-beta */
export const riskyAgent: EntityType = {
  name: 'riskyAgent',
  filters: {
    ...RISK,
    id: TEXT,
    agentDisplayName: TEXT,
    identityType: EQUAL,
    riskLastModifiedDateTime: TIME,
  },
  maxTop: 500,
  options: [],
}

/** @param filters properties that take `eq` */
const directoryType = (
  name: string,
  filters: readonly string[] = [],
  options: readonly string[] = [],
): EntityType => ({
  name,
  filters: Object.fromEntries(filters.map((filter) => [filter, EQUAL])),
  maxTop: 999,
  options,
})

const NAMED = ['id', 'appId', 'displayName']

const servicePrincipalInBeta = directoryType('servicePrincipal', NAMED, ['$count'])
/** Properties: https://learn.microsoft.com/graph/api/resources/serviceprincipal */
const servicePrincipalInV1: EntityType = {
  ...servicePrincipalInBeta,
  properties: [
    ...NAMED,
    'accountEnabled',
    'addIns',
    'alternativeNames',
    'appDescription',
    'appDisplayName',
    'applicationTemplateId',
    'appOwnerOrganizationId',
    'appRoleAssignmentRequired',
    'appRoles',
    'createdDateTime',
    'customSecurityAttributes',
    'deletedDateTime',
    'description',
    'disabledByMicrosoftStatus',
    'homepage',
    'info',
    'keyCredentials',
    'loginUrl',
    'logoutUrl',
    'notes',
    'notificationEmailAddresses',
    'oauth2PermissionScopes',
    'passwordCredentials',
    'preferredSingleSignOnMode',
    'preferredTokenSigningKeyThumbprint',
    'replyUrls',
    'resourceSpecificApplicationPermissions',
    'samlSingleSignOnSettings',
    'servicePrincipalNames',
    'servicePrincipalType',
    'signInAudience',
    'tags',
    'tokenEncryptionKeyId',
    'verifiedPublisher',
  ],
}
export const servicePrincipal = (version: string): EntityType =>
  version === 'beta' ? servicePrincipalInBeta : servicePrincipalInV1
export const application = directoryType('application', NAMED, ['$count'])
export const appRoleAssignment = directoryType('appRoleAssignment')
export const oAuth2PermissionGrant = directoryType('oAuth2PermissionGrant', ['clientId'])
export const directoryObject = directoryType('directoryObject')
export const federatedIdentityCredential = directoryType('federatedIdentityCredential')
export const unifiedRoleAssignment = directoryType(
  'unifiedRoleAssignment',
  ['principalId', 'roleDefinitionId'],
  ['$expand'],
)
export const unifiedRoleDefinition = directoryType('unifiedRoleDefinition')
export const conditionalAccessPolicy = directoryType('conditionalAccessPolicy')
export const organization = directoryType('organization')
