import type { Columns } from './analyse.ts'

const strings = (...names: readonly string[]): Columns => Object.fromEntries(names.map((n) => [n, 'string']))
const datetimes = (...names: readonly string[]): Columns =>
  Object.fromEntries(names.map((n) => [n, 'datetime']))
const dynamics = (...names: readonly string[]): Columns =>
  Object.fromEntries(names.map((n) => [n, 'dynamic']))

/** Columns that Azure Monitor adds to every table. */
export const STANDARD_COLUMNS: Columns = {
  TenantId: 'string',
  TimeGenerated: 'datetime',
  Type: 'string',
  SourceSystem: 'string',
  _ResourceId: 'string',
  _SubscriptionId: 'string',
  _BilledSize: 'real',
  _IsBillable: 'string',
  _ItemId: 'string',
}

/**
 * The native tables that our queries read: only the columns that matter to us. Source of each:
 * https://learn.microsoft.com/azure/azure-monitor/reference/tables/ and the table's name in lower
 * case, as of August 2026.
 */
export const NATIVE_TABLES: Readonly<Record<string, Columns>> = {
  SecurityAlert: {
    ...strings('AlertLink', 'AlertName', 'AlertSeverity', 'DisplayName', 'Entities', 'ExtendedProperties'),
    ...strings('ProductName', 'Status', 'SystemAlertId'),
    ...datetimes('TimeGenerated'),
  },
  AADServicePrincipalRiskEvents: {
    ...strings(
      'Activity',
      'AppId',
      'CorrelationId',
      'DetectionTimingType',
      'Id',
      'IpAddress',
      'OperationName',
    ),
    ...strings('RequestId', 'RiskDetail', 'RiskEventType', 'RiskLevel', 'RiskState'),
    ...strings('ServicePrincipalDisplayName', 'ServicePrincipalId', 'Source', 'TokenIssuerType'),
    ...datetimes('ActivityDateTime', 'DetectedDateTime', 'LastUpdatedDateTime'),
    ...dynamics('AdditionalInfo', 'KeyIds', 'Location'),
  },
  AADRiskyServicePrincipals: {
    ...strings('AppId', 'CorrelationId', 'DisplayName', 'Id', 'OperationName', 'RiskDetail', 'RiskLevel'),
    ...strings('RiskState', 'ServicePrincipalType'),
    ...datetimes('RiskLastUpdatedDateTime'),
    AccountEnabled: 'bool',
    IsProcessing: 'bool',
  },
  AADAgentRiskEvents: {
    ...strings('AdditionalInfo', 'AgentDisplayName', 'AgentId', 'CorrelationId', 'DetectionTimingType', 'Id'),
    ...strings(
      'IdentityType',
      'OperationName',
      'RiskDetail',
      'RiskEventType',
      'RiskEvidence',
      'RiskLevel',
      'RiskState',
    ),
    ...datetimes('ActivityDateTime', 'DetectedDateTime', 'LastModifiedDateTime'),
  },
  AADRiskyAgents: {
    ...strings('AgentDisplayName', 'CorrelationId', 'Id', 'IdentityType', 'OperationName', 'RiskDetail'),
    ...strings('RiskLevel', 'RiskState'),
    ...datetimes('RiskLastModifiedDateTime'),
    IsDeleted: 'bool',
    IsEnabled: 'bool',
    IsProcessing: 'bool',
  },
  AADServicePrincipalSignInLogs: {
    ...strings('Agent', 'AppId', 'AutonomousSystemNumber', 'ClientCredentialType', 'ConditionalAccessStatus'),
    ...strings('CorrelationId', 'FederatedCredentialId', 'IPAddress', 'Location', 'ResourceDisplayName'),
    ...strings('ResultDescription', 'ResultType', 'ServicePrincipalCredentialKeyId', 'ServicePrincipalId'),
    ...strings('ServicePrincipalName', 'UniqueTokenIdentifier', 'UserAgent'),
  },
  SigninLogs: {
    ...strings('AppDisplayName', 'AppId', 'IPAddress', 'ResourceDisplayName', 'ResultType', 'UserId'),
    ...strings('UserPrincipalName'),
  },
  AADNonInteractiveUserSignInLogs: {
    ...strings('AppDisplayName', 'AppId', 'IPAddress', 'ResourceDisplayName', 'ResultType', 'UserId'),
    ...strings('UserPrincipalName'),
  },
  OfficeActivity: {
    ...strings('AppId', 'ClientAppId', 'ClientIP', 'Client_IPAddress', 'MailboxOwnerUPN', 'OfficeWorkload'),
    ...strings('Operation', 'UserId'),
    ...dynamics('AppAccessContext'),
  },
  AuditLogs: {
    ...strings('Category', 'CorrelationId', 'LoggedByService', 'OperationName', 'Result'),
    ...dynamics('AdditionalDetails', 'InitiatedBy', 'TargetResources'),
  },
  MicrosoftGraphActivityLogs: {
    ...strings('AppId', 'IPAddress', 'RequestMethod', 'RequestUri', 'ServicePrincipalId', 'SignInActivityId'),
    ...strings('UniqueTokenId', 'UserAgent', 'UserId'),
    ResponseStatusCode: 'int',
  },
  AzureActivity: {
    ...strings('ActivityStatusValue', 'Caller', 'CallerIpAddress', 'OperationNameValue'),
    ...dynamics('Claims_d'),
  },
  AzureDiagnostics: {
    ...strings('CallerIPAddress', 'OperationName', 'Resource', 'ResourceProvider'),
    // There only once a vault has logged here.
    ...strings('identity_claim_appid_g', 'requestUri_s'),
    httpStatusCode_d: 'real',
  },
  AZKVAuditLogs: {
    ...strings('CallerIpAddress', 'OperationName', 'RequestUri', 'ResultType'),
    ...dynamics('Identity'),
    HttpStatusCode: 'int',
  },
  DCRLogErrors: strings('InputStreamId', 'Message', 'OperationName'),
  AppExceptions: {
    ...strings('ExceptionType', 'OuterMessage', 'AppRoleName', 'OperationName'),
    SeverityLevel: 'int',
  },
  AppTraces: {
    ...strings('Message', 'AppRoleName', 'OperationName'),
    ...dynamics('Properties'),
    SeverityLevel: 'int',
  },
  AppMetrics: {
    ...strings('Name', 'AppRoleName'),
    ...dynamics('Properties'),
    Sum: 'real',
    Min: 'real',
    Max: 'real',
    ItemCount: 'int',
  },
  AppRequests: {
    ...strings('Name', 'AppRoleName', 'OperationName', 'ResultCode'),
    Success: 'bool',
    DurationMs: 'real',
    ItemCount: 'int',
  },
}

/**
 * Columns of the ASIM Alert Event schema that our parser fills; those of the table
 * ASimAlertEventLogs, and the constants and aliases that exist in parsers alone. Source:
 * https://learn.microsoft.com/azure/sentinel/normalization-schema-alert, as of August 2026.
 */
export const ASIM_ALERT_EVENT: Columns = {
  ...datetimes('TimeGenerated', 'EventStartTime', 'EventEndTime'),
  ...strings('AlertId', 'AlertName', 'AlertOriginalStatus', 'AlertStatus', 'AlertVerdict', 'AttackTactics'),
  ...strings(
    'AttackTechniques',
    'DetectionMethod',
    'DvcIpAddr',
    'EventOriginalSeverity',
    'EventOriginalType',
  ),
  ...strings(
    'EventOriginalUid',
    'EventProduct',
    'EventResult',
    'EventSchema',
    'EventSchemaVersion',
    'EventSeverity',
  ),
  ...strings('EventSubType', 'EventType', 'EventUid', 'EventVendor', 'IndicatorType', 'IpAddr'),
  ...strings(
    'ThreatOriginalRiskLevel',
    'User',
    'UserId',
    'UserIdType',
    'UserScopeId',
    'UserType',
    'Username',
  ),
  ...strings('UsernameType', 'Type'),
  ...dynamics('AdditionalFields'),
  EventCount: 'int',
  ThreatRiskLevel: 'int',
  ThreatIsActive: 'bool',
}
