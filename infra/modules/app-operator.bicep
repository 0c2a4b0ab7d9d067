metadata description = 'What operators may do with the app itself: read its settings, which hold no secret, restart it, and get the key of one function.'

@description('Unique in the tenant.')
param roleName string
param functionAppName string

@description('Object id of the group of operators.')
param operatorsGroupId string

resource app 'Microsoft.Web/sites@2024-04-01' existing = {
  name: functionAppName
}

resource role 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(resourceGroup().id, 'app-operator')
  properties: {
    roleName: roleName
    description: 'Reads the settings of the app, restarts it, and calls its health function; changes nothing.'
    type: 'CustomRole'
    assignableScopes: [
      resourceGroup().id
    ]
    permissions: [
      {
        actions: [
          'Microsoft.Web/sites/read'
          'Microsoft.Web/sites/config/list/action'
          'Microsoft.Web/sites/config/read'
          'Microsoft.Web/sites/functions/listkeys/action'
          'Microsoft.Web/sites/functions/read'
          'Microsoft.Web/sites/restart/action'
        ]
        notActions: []
        dataActions: []
        notDataActions: []
      }
    ]
  }
}

resource operating 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: app
  name: guid(app.id, operatorsGroupId, role.id)
  properties: {
    roleDefinitionId: role.id
    principalId: operatorsGroupId
    principalType: 'Group'
    description: 'Operators read the settings that the command needs, and restart the app after a rotation.'
  }
}
