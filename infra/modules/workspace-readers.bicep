metadata description = 'Who may read a workspace that holds nothing but ours. Runs in its resource group.'

param workspaceName string

@description('Object ids of groups that read the whole workspace.')
param readerGroupIds string[]

var roles = loadJsonContent('../roles.json')
var readerRoleId = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.logAnalyticsReader.id)

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' existing = {
  name: workspaceName
}

resource reading 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for groupId in readerGroupIds: {
  scope: workspace
  name: guid(workspace.id, groupId, readerRoleId)
  properties: {
    roleDefinitionId: readerRoleId
    principalId: groupId
    principalType: 'Group'
    description: 'Reads the tables of Entra risk export.'
  }
}]
