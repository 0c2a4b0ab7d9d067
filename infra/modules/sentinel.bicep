// Sentinel content: saved functions, hunting queries, analytics rules, workbook.
// The tables of the exporter must exist before: the service runs each rule's query when the rule is written.

@description('Workspace that holds the tables of the exporter.')
param workspaceName string

@description('Region of the workbook.')
param location string

@description('Tags of the workbook; the other kinds of content have none.')
param tags object

@description('Whether to enable Microsoft Sentinel on the workspace. False where it is enabled already.')
param onboardSentinel bool

@description('Whether to deploy the content. Rules need Microsoft Sentinel on the workspace.')
param deployContent bool

@description('Whether the analytics rules start enabled.')
param enableRules bool

var isPublicCloud = environment().name == 'AzureCloud'

// Functions in the order in which they call each other.
var parsers = [
  loadYamlContent('../sentinel/parsers/EntraWorkloadRiskHistory.yaml')
  loadYamlContent('../sentinel/parsers/EntraWorkloadDetections.yaml')
  loadYamlContent('../sentinel/parsers/EntraWorkloadExceptions.yaml')
  loadYamlContent('../sentinel/parsers/EntraWorkloadOwners.yaml')
  loadYamlContent('../sentinel/parsers/EntraWorkloadRisk.yaml')
  loadYamlContent('../sentinel/parsers/EntraWorkloadSignIns.yaml')
  loadYamlContent('../sentinel/parsers/EntraWorkloadChanges.yaml')
]

var asimParsers = [
  loadYamlContent('../sentinel/parsers/ASimAlertEventMicrosoftEntraWorkloadRisk.yaml')
]

var rules = [
  loadYamlContent('../sentinel/rules/application-disabled-by-microsoft.yaml')
  loadYamlContent('../sentinel/rules/confirmed-compromised-but-enabled.yaml')
  loadYamlContent('../sentinel/rules/credential-added-around-detection.yaml')
  loadYamlContent('../sentinel/rules/export-incomplete.yaml')
  loadYamlContent('../sentinel/rules/exporter-silent.yaml')
  loadYamlContent('../sentinel/rules/high-risk-detection.yaml')
  loadYamlContent('../sentinel/rules/leaked-credential-in-use.yaml')
  loadYamlContent('../sentinel/rules/medium-risk-detection.yaml')
  loadYamlContent('../sentinel/rules/risk-dismissed-by-owner.yaml')
  loadYamlContent('../sentinel/rules/risk-state-regressed.yaml')
  loadYamlContent('../sentinel/rules/role-granted-around-detection.yaml')
  loadYamlContent('../sentinel/rules/same-address-two-identities.yaml')
  loadYamlContent('../sentinel/rules/sign-in-while-at-risk.yaml')
]

var hunts = [
  loadYamlContent('../sentinel/hunting/azure-activity.yaml')
  loadYamlContent('../sentinel/hunting/configuration-changes.yaml')
  loadYamlContent('../sentinel/hunting/credential-changes.yaml')
  loadYamlContent('../sentinel/hunting/directory-actions.yaml')
  loadYamlContent('../sentinel/hunting/graph-traffic.yaml')
  loadYamlContent('../sentinel/hunting/key-vault-reads.yaml')
  loadYamlContent('../sentinel/hunting/permission-grants.yaml')
  loadYamlContent('../sentinel/hunting/risk-history.yaml')
  loadYamlContent('../sentinel/hunting/same-address.yaml')
  loadYamlContent('../sentinel/hunting/sign-in-new-properties.yaml')
  loadYamlContent('../sentinel/hunting/sign-in-timeline.yaml')
]

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' existing = {
  name: workspaceName
}

resource onboarding 'Microsoft.SecurityInsights/onboardingStates@2025-06-01' = if (onboardSentinel) {
  scope: workspace
  name: 'default'
  properties: {}
}

module savedSearches '../sentinel/saved-searches.bicep' = if (deployContent) {
  name: 'sentinel-saved-searches'
  params: {
    workspaceName: workspaceName
    parsers: parsers
    asimParsers: asimParsers
    hunts: hunts
  }
}

// Summary rules exist in the public cloud alone; without them rules know what their look-back holds.
module riskState '../sentinel/risk-state.bicep' = if (deployContent && isPublicCloud) {
  name: 'sentinel-risk-state'
  params: {
    workspaceName: workspaceName
  }
}

module alertRules '../sentinel/alert-rules.bicep' = if (deployContent) {
  name: 'sentinel-alert-rules'
  params: {
    workspaceName: workspaceName
    rules: rules
    enabled: enableRules
  }
  dependsOn: [
    onboarding
    savedSearches
  ]
}

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = if (deployContent) {
  name: guid(workspace.id, 'entra-workload-risk')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'Entra workload identity risk'
    category: 'sentinel'
    version: '1.0'
    sourceId: workspace.id
    serializedData: replace(loadTextContent('../sentinel/workbooks/entra-workload-risk.json'), '<workspace-resource-id>', workspace.id)
  }
}
