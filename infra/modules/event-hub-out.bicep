metadata description = 'Lets the app send to a hub of somebody else. Runs in its resource group.'

param namespaceName string
param hubName string
param appPrincipalId string

var roles = loadJsonContent('../roles.json')
var senderRoleId = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.eventHubsDataSender.id)

resource namespace 'Microsoft.EventHub/namespaces@2024-01-01' existing = {
  name: namespaceName
}

resource hub 'Microsoft.EventHub/namespaces/eventhubs@2024-01-01' existing = {
  parent: namespace
  name: hubName
}

resource sending 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: hub
  name: guid(hub.id, appPrincipalId, senderRoleId)
  properties: {
    roleDefinitionId: senderRoleId
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    description: 'Sends the events of Entra risk export.'
  }
}
