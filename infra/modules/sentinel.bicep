// Sentinel content: the solution (rules, hunting queries, workbook and playbooks as templates; functions, the summary rule, watchlists
// and the page of the data connector at once). Its template is generated from the files of infra/sentinel, and is deployable alone.

@description('Workspace that holds the tables of the exporter.')
param workspaceName string

@description('Region of the workspace.')
param location string

@description('Whether to enable Microsoft Sentinel on the workspace. False where it is enabled already.')
param onboardSentinel bool

@description('Whether to deploy the content, which needs Microsoft Sentinel on the workspace.')
param deployContent bool

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' existing = {
  name: workspaceName
}

resource onboarding 'Microsoft.SecurityInsights/onboardingStates@2025-06-01' = if (onboardSentinel) {
  scope: workspace
  name: 'default'
  properties: {}
}

module content '../sentinel/azuredeploy.json' = if (deployContent) {
  name: 'sentinel-content'
  params: {
    workspace: workspaceName
    'workspace-location': location
  }
  dependsOn: [
    onboarding
  ]
}
