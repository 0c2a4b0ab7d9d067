/** Microsoft's four questions of an investigation, and what goes beyond them. */
export const QUESTIONS = ['signIns', 'credentials', 'configuration', 'roles', 'further'] as const
export type QuestionId = (typeof QUESTIONS)[number]

/** A query on Microsoft's own tables, for what only the logs of the tenant know. */
export interface Hunt {
  readonly id: string
  readonly question: QuestionId
  /** What it finds. */
  readonly title: string
  readonly tables: readonly string[]
  /**
   * KQL. `spId`, `appId`, `keyIds` and `t0` (when the activity, or else the detection, began) are
   * declared for it.
   */
  readonly kql: string
  /** Where the question comes from. */
  readonly source: string
}

const PLAYBOOK =
  'https://learn.microsoft.com/security/operations/incident-response-playbook-compromised-malicious-app'
const RISK_PAGE = 'https://learn.microsoft.com/entra/id-protection/concept-workload-identity-risk'
const SECURITY_OPERATIONS = 'https://learn.microsoft.com/entra/architecture/security-operations-applications'
const FEDERATED_HUNT =
  'https://github.com/Azure/Azure-Sentinel/blob/master/Hunting%20Queries/AuditLogs/ServicePrincipalFederatedIdentityCredentialAdded.yaml'

export const HUNTS: readonly Hunt[] = [
  {
    id: 'signin.timeline',
    question: 'signIns',
    title: 'Sign-ins from 14 days before: address, place, resource, credential, failures',
    tables: ['AADServicePrincipalSignInLogs'],
    source: PLAYBOOK,
    kql: `AADServicePrincipalSignInLogs
| where TimeGenerated between ((t0 - 14d) .. now()) and ServicePrincipalId == spId
| summarize Total = count(), Failures = countif(ResultType != "0"), First = min(TimeGenerated), Last = max(TimeGenerated), Resources = make_set(ResourceDisplayName, 50)
    by IPAddress, Location, ServicePrincipalCredentialKeyId, IsNamed = ServicePrincipalCredentialKeyId in~ (keyIds)
| order by Last desc`,
  },
  {
    id: 'signin.new_properties',
    question: 'signIns',
    title: 'Address, country, resource or credential that appeared only since then (baseline of 60 days)',
    tables: ['AADServicePrincipalSignInLogs'],
    source: RISK_PAGE,
    kql: `let baseline = AADServicePrincipalSignInLogs | where TimeGenerated between ((t0 - 60d) .. t0) and ServicePrincipalId == spId and ResultType == "0";
let since = AADServicePrincipalSignInLogs | where TimeGenerated > t0 and ServicePrincipalId == spId and ResultType == "0";
union
  (since | distinct Value = IPAddress | join kind=leftanti (baseline | distinct Value = IPAddress) on Value | extend Property = "address"),
  (since | distinct Value = Location | join kind=leftanti (baseline | distinct Value = Location) on Value | extend Property = "country"),
  (since | distinct Value = ResourceDisplayName | join kind=leftanti (baseline | distinct Value = ResourceDisplayName) on Value | extend Property = "resource"),
  (since | distinct Value = ServicePrincipalCredentialKeyId | join kind=leftanti (baseline | distinct Value = ServicePrincipalCredentialKeyId) on Value | extend Property = "credential")`,
  },
  {
    id: 'same_address',
    question: 'signIns',
    title: 'Other identities that used the same addresses',
    tables: ['AADServicePrincipalSignInLogs', 'SigninLogs'],
    source: PLAYBOOK,
    kql: `let addresses = AADServicePrincipalSignInLogs | where TimeGenerated >= t0 - 1d and ServicePrincipalId == spId | distinct IPAddress;
union isfuzzy=true
  (AADServicePrincipalSignInLogs | where TimeGenerated >= t0 - 1d and ServicePrincipalId != spId | project TimeGenerated, IPAddress, Who = ServicePrincipalName, Kind = "service principal"),
  (SigninLogs | where TimeGenerated >= t0 - 1d | project TimeGenerated, IPAddress, Who = UserPrincipalName, Kind = "user")
| where IPAddress in (addresses)
| summarize SignIns = count(), Last = max(TimeGenerated) by Who, Kind, IPAddress`,
  },
  {
    id: 'cred.changes',
    question: 'credentials',
    title: 'Credentials added to, or removed from, the service principal or its application',
    tables: ['AuditLogs'],
    source: PLAYBOOK,
    kql: `AuditLogs
| where TimeGenerated between ((t0 - 30d) .. now())
| where OperationName has_any ("Certificates and secrets management", "Add service principal credentials", "Remove service principal credentials", "Update application", "Update service principal")
| mv-expand Target = TargetResources
| where tostring(Target.id) == spId or tostring(TargetResources) has appId
| mv-apply Property = Target.modifiedProperties on (where tostring(Property.displayName) == "KeyDescription")
| project TimeGenerated, OperationName, Result, Actor = coalesce(tostring(InitiatedBy.user.userPrincipalName), tostring(InitiatedBy.app.displayName)),
    ActorIp = coalesce(tostring(InitiatedBy.user.ipAddress), tostring(InitiatedBy.app.ipAddress)), Old = tostring(Property.oldValue), New = tostring(Property.newValue),
    IsNamed = tostring(Property) has_any (keyIds), CorrelationId`,
  },
  {
    id: 'cred.federated',
    question: 'credentials',
    title: 'Federated credentials added: sign-in without a secret',
    tables: ['AuditLogs'],
    source: FEDERATED_HUNT,
    kql: `AuditLogs
| where TimeGenerated between ((t0 - 30d) .. now()) and OperationName has "federated identity credential"
| where tostring(TargetResources) has spId or tostring(TargetResources) has appId
| project TimeGenerated, OperationName, Result, InitiatedBy, TargetResources, CorrelationId`,
  },
  {
    id: 'config.changes',
    question: 'configuration',
    title: 'Changes of addresses, owners, and whether it is enabled: shows a re-enabling too',
    tables: ['AuditLogs'],
    source: SECURITY_OPERATIONS,
    kql: `AuditLogs
| where TimeGenerated between ((t0 - 30d) .. now()) and Category == "ApplicationManagement"
| where OperationName has_any ("Update application", "Update service principal", "Add owner to application", "Add owner to service principal", "Remove owner", "Disable", "Enable")
| where tostring(TargetResources) has spId or tostring(TargetResources) has appId
| mv-expand Target = TargetResources
| mv-expand Property = Target.modifiedProperties
| where tostring(Property.displayName) in ("AppAddress", "AppIdentifierUri", "LogoutUrl", "AccountEnabled", "Included Updated Properties") or OperationName has "owner"
| project TimeGenerated, OperationName, Property = tostring(Property.displayName), Old = tostring(Property.oldValue), New = tostring(Property.newValue), InitiatedBy, CorrelationId`,
  },
  {
    id: 'actor.did',
    question: 'configuration',
    title: 'What it changed in the directory itself',
    tables: ['AuditLogs'],
    source: RISK_PAGE,
    kql: `AuditLogs
| where TimeGenerated >= t0 - 1d and tostring(InitiatedBy.app.servicePrincipalId) == spId
| summarize Operations = count(), Targets = make_set(tostring(TargetResources[0].displayName), 50), First = min(TimeGenerated), Last = max(TimeGenerated) by OperationName, Result`,
  },
  {
    id: 'perm.app_roles',
    question: 'roles',
    title: 'Application permissions granted to it',
    tables: ['AuditLogs'],
    source: PLAYBOOK,
    kql: `AuditLogs
| where TimeGenerated between ((t0 - 30d) .. now()) and OperationName == "Add app role assignment to service principal"
| where tostring(TargetResources) has spId or tostring(TargetResources) has appId
| mv-expand Target = TargetResources
| mv-apply Property = Target.modifiedProperties on (where tostring(Property.displayName) == "AppRole.Value")
| project TimeGenerated, Role = trim('"', tostring(Property.newValue)), Resource = tostring(Target.displayName),
    Actor = coalesce(tostring(InitiatedBy.user.userPrincipalName), tostring(InitiatedBy.app.displayName)), Result, CorrelationId`,
  },
  {
    id: 'perm.directory_roles',
    question: 'roles',
    title: 'Directory roles assigned to it',
    tables: ['AuditLogs'],
    source: SECURITY_OPERATIONS,
    kql: `AuditLogs
| where TimeGenerated between ((t0 - 30d) .. now()) and OperationName has_any ("Add member to role", "Add eligible member to role", "Add scoped member to role")
| where tostring(TargetResources) has spId
| project TimeGenerated, OperationName, Result, InitiatedBy, TargetResources, CorrelationId`,
  },
  {
    id: 'perm.consent',
    question: 'roles',
    title: 'Consent given to it, by administrators or users',
    tables: ['AuditLogs'],
    source: PLAYBOOK,
    kql: `AuditLogs
| where TimeGenerated between ((t0 - 30d) .. now()) and OperationName in ("Consent to application", "Add delegated permission grant")
| where tostring(TargetResources) has spId or tostring(TargetResources) has appId
| project TimeGenerated, OperationName, Result, Actor = tostring(InitiatedBy.user.userPrincipalName), TargetResources, CorrelationId`,
  },
  {
    id: 'graph.traffic',
    question: 'further',
    title: 'Calls of Microsoft Graph: enumeration, writes, reads of mail and files',
    tables: ['MicrosoftGraphActivityLogs'],
    source: RISK_PAGE,
    kql: `MicrosoftGraphActivityLogs
| where TimeGenerated >= t0 - 1d and (ServicePrincipalId == spId or AppId == appId)
| extend Path = tostring(parse_url(RequestUri).Path)
| extend Area = extract(@"/(?:v1\\.0|beta)/([A-Za-z]+)", 1, Path)
| summarize Calls = count(), Denied = countif(ResponseStatusCode in (401, 403)), Addresses = make_set(IPAddress, 20), Agents = make_set(UserAgent, 20) by RequestMethod, Area
| order by Calls desc`,
  },
  {
    id: 'azure.control_plane',
    question: 'further',
    title: 'What it did in Azure Resource Manager',
    tables: ['AzureActivity'],
    source: SECURITY_OPERATIONS,
    kql: `AzureActivity
| where TimeGenerated >= t0 - 1d
| where Caller == spId or tostring(Claims_d.appid) == appId
| summarize Calls = count(), Resources = make_set(_ResourceId, 50) by OperationNameValue, ActivityStatusValue, CallerIpAddress`,
  },
  {
    id: 'keyvault.secrets',
    question: 'further',
    title: 'Key Vault secrets that it read: rotate these first',
    tables: ['AZKVAuditLogs', 'AzureDiagnostics'],
    source: PLAYBOOK,
    kql: `union isfuzzy=true
  (AZKVAuditLogs | where TimeGenerated >= t0 - 14d | extend App = tostring(Identity.claim.appid), Vault = _ResourceId, Secret = RequestUri, Address = CallerIpAddress),
  (AzureDiagnostics | where TimeGenerated >= t0 - 14d and ResourceProvider == "MICROSOFT.KEYVAULT"
    | extend App = tostring(column_ifexists("identity_claim_appid_g", "")), Vault = Resource, Secret = tostring(column_ifexists("id_s", "")), Address = CallerIPAddress)
| where App =~ appId and OperationName in ("SecretGet", "SecretList", "SecretBackup", "KeySign", "KeyDecrypt", "KeyUnwrap", "CertificateGet")
| summarize Reads = count(), First = min(TimeGenerated), Last = max(TimeGenerated) by Vault, OperationName, Secret, Address`,
  },
  {
    id: 'risk.history',
    question: 'further',
    title: 'Detections and states in the native tables: who confirmed or dismissed what',
    tables: [
      'AADRiskyServicePrincipals',
      'AADServicePrincipalRiskEvents',
      'AADRiskyAgents',
      'AADAgentRiskEvents',
    ],
    source: RISK_PAGE,
    kql: `union isfuzzy=true
  (AADRiskyServicePrincipals | where TimeGenerated >= t0 - 30d and Id == spId | extend Stream = "state", RiskEventType = ""),
  (AADServicePrincipalRiskEvents | where TimeGenerated >= t0 - 30d and ServicePrincipalId == spId | extend Stream = "detection"),
  (AADRiskyAgents | where TimeGenerated >= t0 - 30d and Id == spId | extend Stream = "state", RiskEventType = ""),
  (AADAgentRiskEvents | where TimeGenerated >= t0 - 30d and AgentId == spId | extend Stream = "detection")
| project TimeGenerated, Stream, RiskLevel, RiskState, RiskDetail, RiskEventType
| order by TimeGenerated asc`,
  },
]
