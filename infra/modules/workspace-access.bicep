metadata description = 'Who may read the workspace, and whether Microsoft Sentinel is switched on in it. Runs in the resource group of the workspace.'

param workspaceName string

@description('Switch on Microsoft Sentinel; harmless where it is on already.')
param onboardSentinel bool

@description('Object ids of groups that read the whole workspace.')
param readerGroupIds string[]

var roles = loadJsonContent('../roles.json')
var readerRoleId = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.logAnalyticsReader.id)

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' existing = {
  name: workspaceName
}

resource onboarding 'Microsoft.SecurityInsights/onboardingStates@2025-06-01' = if (onboardSentinel) {
  scope: workspace
  name: 'default'
  properties: {}
}

resource reading 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for groupId in readerGroupIds: {
  scope: workspace
  name: guid(workspace.id, groupId, readerRoleId)
  properties: {
    roleDefinitionId: readerRoleId
    principalId: groupId
    principalType: 'Group'
  }
}]

output workspaceName string = workspace.name
