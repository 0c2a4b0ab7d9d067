// Analytics rules, from the content of their YAML files.
// Kind Scheduled only: near-real-time rules exist in preview versions of the API alone. A scheduled rule can run every five minutes.

@description('Workspace with Microsoft Sentinel.')
param workspaceName string

@description('Rules in the schema of the Azure-Sentinel repository.')
param rules array

@description('Whether the rules start enabled.')
param enabled bool

// The files write durations and operators as KQL and the repository do; the API has its own forms.
var durations = {
  '5m': 'PT5M'
  '30m': 'PT30M'
  '1h': 'PT1H'
  '1d': 'P1D'
  '14d': 'P14D'
}

var operators = {
  gt: 'GreaterThan'
  lt: 'LessThan'
  eq: 'Equal'
  ne: 'NotEqual'
}

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' existing = {
  name: workspaceName
}

resource alertRules 'Microsoft.SecurityInsights/alertRules@2025-06-01' = [for rule in rules: {
  scope: workspace
  name: rule.id
  kind: 'Scheduled'
  properties: {
    displayName: rule.name
    description: '${trim(rule.description)} (Version ${rule.version})'
    enabled: enabled
    severity: rule.severity
    query: rule.query
    queryFrequency: durations[rule.queryFrequency]
    queryPeriod: durations[rule.queryPeriod]
    triggerOperator: operators[rule.triggerOperator]
    triggerThreshold: rule.triggerThreshold
    suppressionEnabled: false
    suppressionDuration: 'PT5H'
    tactics: rule.tactics
    // The API refuses sub-techniques: T1078.004 is sent as T1078, and once.
    techniques: union(map(rule.relevantTechniques, technique => substring(technique, 0, 5)), [])
    entityMappings: rule.entityMappings
    customDetails: rule.customDetails
    alertDetailsOverride: rule.alertDetailsOverride
    eventGroupingSettings: rule.eventGroupingSettings
    incidentConfiguration: rule.incidentConfiguration
  }
}]
