import type { JsonObject } from '../json.ts'
import { SEEDED } from './seed-names.ts'
import type { GraphObject, Tenant } from './tenant.ts'

/** Application permissions of Microsoft Graph and their ids, which are the same everywhere. */
const APP_ROLES = {
  'Application.Read.All': '9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30',
  'AppRoleAssignment.ReadWrite.All': '06b708a9-e830-4db3-a914-8e69da51d44f',
  'Mail.Read': '810c84a8-4a9e-49e6-bf7d-12d183f40d01',
  'Sites.Read.All': '332a536c-c7ef-4017-ab91-336970924f0d',
  'User.Read.All': 'df021288-bdef-4463-88db-98f22de89214',
} as const

const APPLICATION_ADMINISTRATOR = '9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3'
const DIRECTORY_READERS = '88d8e3e3-8f55-4a1e-953a-9b9898b8876b'

const microsoftGraph: GraphObject = {
  id: SEEDED.microsoftGraphId,
  appId: '00000003-0000-0000-c000-000000000000',
  displayName: 'Microsoft Graph',
  accountEnabled: true,
  appOwnerOrganizationId: SEEDED.microsoftTenantId,
  appRoles: Object.entries(APP_ROLES).map(([value, id]) => ({
    id,
    value,
    displayName: value,
    isEnabled: true,
    allowedMemberTypes: ['Application'],
  })),
  disabledByMicrosoftStatus: null,
  keyCredentials: [],
  passwordCredentials: [],
  servicePrincipalType: 'Application',
  signInAudience: 'AzureADMultipleOrgs',
}

const assignment = (id: string, principalId: string, role: keyof typeof APP_ROLES): GraphObject => ({
  id,
  principalId,
  principalType: 'ServicePrincipal',
  resourceId: SEEDED.microsoftGraphId,
  resourceDisplayName: 'Microsoft Graph',
  appRoleId: APP_ROLES[role],
  createdDateTime: '2025-03-11T09:25:00.1173052Z',
})

/** Its template has the same id. */
const builtInRole = (id: string, displayName: string): GraphObject => ({
  id,
  templateId: id,
  displayName,
  isBuiltIn: true,
})

const policy = (id: string, displayName: string, state: string, conditions: JsonObject): GraphObject => ({
  id,
  displayName,
  state,
  conditions: {
    applications: { includeApplications: ['All'], excludeApplications: [] },
    clientAppTypes: ['all'],
    servicePrincipalRiskLevels: [],
    signInRiskLevels: [],
    userRiskLevels: [],
    ...conditions,
  },
  grantControls: { operator: 'OR', builtInControls: ['block'] },
})

/** Of all service principals that the tenant owns. */
const OWN = {
  includeServicePrincipals: ['ServicePrincipalsInMyTenant'],
  excludeServicePrincipals: [],
  servicePrincipalFilter: null,
}

/** Permissions, roles and the policies that should stop a risky identity. */
export function rightsObjects(tenant: Tenant): void {
  const { buildPipeline, payrollApi, telemetryRelay, invoiceReader, expenseAssistant } = SEEDED
  tenant.put('servicePrincipals', microsoftGraph)
  tenant.put(
    'appRoleAssignments',
    assignment('assigned-1', buildPipeline.id, 'Application.Read.All'),
    assignment('assigned-2', buildPipeline.id, 'AppRoleAssignment.ReadWrite.All'),
    assignment('assigned-3', payrollApi.id, 'User.Read.All'),
    assignment('assigned-4', invoiceReader.id, 'Mail.Read'),
    assignment('assigned-5', expenseAssistant.id, 'Sites.Read.All'),
  )
  tenant.put('oauth2PermissionGrants', {
    id: 'granted-1',
    clientId: telemetryRelay.id,
    consentType: 'AllPrincipals',
    principalId: null,
    resourceId: SEEDED.microsoftGraphId,
    scope: 'User.Read Files.Read.All',
  })
  tenant.put(
    'roleDefinitions',
    builtInRole(APPLICATION_ADMINISTRATOR, 'Application Administrator'),
    builtInRole(DIRECTORY_READERS, 'Directory Readers'),
  )
  tenant.put(
    'roleAssignments',
    {
      id: 'role-1',
      principalId: buildPipeline.id,
      roleDefinitionId: APPLICATION_ADMINISTRATOR,
      directoryScopeId: '/',
    },
    {
      id: 'role-2',
      principalId: payrollApi.id,
      roleDefinitionId: DIRECTORY_READERS,
      directoryScopeId: '/',
    },
  )
  tenant.put(
    'conditionalAccessPolicies',
    policy('c0a1d5e8-0000-4000-8000-000000000001', 'Block workload identities at high risk', 'enabled', {
      clientApplications: OWN,
      servicePrincipalRiskLevels: ['high'],
    }),
    policy(
      'c0a1d5e8-0000-4000-8000-000000000002',
      'Watch workload identities at medium risk',
      'enabledForReportingButNotEnforced',
      { clientApplications: OWN, servicePrincipalRiskLevels: ['medium'] },
    ),
    policy('c0a1d5e8-0000-4000-8000-000000000003', 'Block agents at high risk', 'enabled', {
      agentIdRiskLevels: 'high',
      clientApplications: {
        includeServicePrincipals: [],
        excludeServicePrincipals: [],
        includeAgentIdServicePrincipals: ['All'],
        excludeAgentIdServicePrincipals: [],
      },
    }),
    policy('c0a1d5e8-0000-4000-8000-000000000004', 'Block sign-ins of risky people', 'enabled', {
      users: { includeUsers: ['All'], excludeUsers: [] },
      userRiskLevels: ['high'],
    }),
  )
}
