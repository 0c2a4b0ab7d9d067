import { type Column, column, type Table } from './column.ts'
import { evidenceColumns, headColumns, ownRiskColumns } from './shared-columns.ts'

const context = (member: string): Column['from'] => ({ content: 'context', member })

/** What an investigator asks first about an identity at risk. */
export const contextTable: Table = {
  name: 'EntraIdentityContext_CL',
  description:
    'Context of workload identities at risk, read from Microsoft Graph when the risk began or rose. A section that could not be read is an object with "unknown" and the reason.',
  columns: [
    ...headColumns,
    ...ownRiskColumns,
    column(
      'Presence',
      'string',
      context('principal.presence'),
      'found, or notFound: deleted since, or never in this tenant.',
    ),
    column(
      'Tenancy',
      'string',
      context('principal.tenancy'),
      'singleTenant, multiTenant, foreign, managedIdentity or unknown.',
    ),
    column(
      'AppOwnerOrganizationId',
      'string',
      context('principal.appOwnerOrganizationId'),
      'Tenant that owns the application.',
    ),
    column('PublisherName', 'string', context('principal.publisherName'), 'Publisher, as it calls itself.'),
    column(
      'VerifiedPublisher',
      'string',
      context('principal.verifiedPublisher'),
      'Publisher, as verified by Microsoft.',
    ),
    column(
      'DisabledByMicrosoftStatus',
      'string',
      context('principal.disabledByMicrosoftStatus'),
      'Set if Microsoft has disabled the application.',
    ),
    column(
      'Owners',
      'dynamic',
      context('owners'),
      'Owners of service principal and application: object ids.',
    ),
    column('Sponsors', 'dynamic', context('sponsors'), 'Sponsors of an agent: object ids.'),
    column(
      'Credentials',
      'dynamic',
      context('credentials'),
      'Passwords and certificates, without secrets: on which object, key id, start, end, whether a detection names it.',
    ),
    column(
      'FederatedCredentials',
      'dynamic',
      context('federatedCredentials'),
      'Federated credentials: issuer, subject, audiences.',
    ),
    column(
      'WorstPermission',
      'string',
      context('permissions.worst.permission'),
      'The most powerful permission granted.',
    ),
    column(
      'WorstPermissionTier',
      'int',
      context('permissions.worst.tier'),
      'Its tier: 0 controls the tenant, 1 manages services, 2 reaches workloads or users.',
    ),
    column('Permissions', 'dynamic', context('permissions'), 'All permissions granted, with their tiers.'),
    column('DirectoryRoles', 'dynamic', context('directoryRoles'), 'Directory roles, with scope and tier.'),
    column('RiskHistory', 'dynamic', context('riskHistory'), 'Recent changes of the risk.'),
    column(
      'ConditionalAccessCoverage',
      'string',
      context('conditionalAccess.coverage'),
      'Whether Conditional Access stops it at this risk level: blocked, reportOnly, notCovered, notEligible or unknown.',
    ),
    column(
      'ConditionalAccessReason',
      'string',
      context('conditionalAccess.reason'),
      'Why it is not eligible or not known.',
    ),
    column(
      'ConditionalAccessPolicies',
      'dynamic',
      context('conditionalAccess.policies'),
      'Policies that decide it.',
    ),
    ...evidenceColumns,
  ],
}
