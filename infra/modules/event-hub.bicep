metadata description = 'The one way in: an Event Hubs namespace of its own, its hub and consumer group, and the rule by which Entra diagnostic settings write.'

@minLength(8)
@maxLength(50)
param namespaceName string
param location string
param tags object

@minLength(1)
@maxLength(256)
param hubName string

@minLength(1)
@maxLength(50)
param consumerGroupName string

@description('Cannot be changed once the hub is there.')
@minValue(1)
@maxValue(32)
param partitionCount int

@description('How long a message waits to be read, in hours: the longest outage that loses nothing.')
@minValue(1)
@maxValue(168)
param retentionHours int

@minValue(1)
@maxValue(40)
param maximumThroughputUnits int

@description('Refuse all networks but private endpoints and trusted Microsoft services (which Entra diagnostic settings are).')
param privateNetworking bool

@description('Principal of the app.')
param appPrincipalId string

@description('Object id of the group of operators; empty: none.')
param operatorsGroupId string

@description('Workspace that takes the logs of the namespace.')
param workspaceId string

var roles = loadJsonContent('../roles.json')
var receiverRoleId = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.eventHubsDataReceiver.id)
var senderRoleId = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.eventHubsDataSender.id)

resource namespace 'Microsoft.EventHub/namespaces@2024-01-01' = {
  name: namespaceName
  location: location
  tags: tags
  sku: {
    name: 'Standard'
    tier: 'Standard'
    capacity: 1
  }
  properties: {
    minimumTlsVersion: '1.2'
    // Entra diagnostic settings write by a shared access rule: switching local authentication off would silence them.
    disableLocalAuth: false
    isAutoInflateEnabled: maximumThroughputUnits > 1
    maximumThroughputUnits: maximumThroughputUnits > 1 ? maximumThroughputUnits : 0
    publicNetworkAccess: 'Enabled'
  }
}

resource networkRules 'Microsoft.EventHub/namespaces/networkRuleSets@2024-01-01' = {
  parent: namespace
  name: 'default'
  properties: {
    publicNetworkAccess: 'Enabled'
    defaultAction: privateNetworking ? 'Deny' : 'Allow'
    trustedServiceAccessEnabled: true
    ipRules: []
    virtualNetworkRules: []
  }
}

// For the diagnostic setting alone, which demands all three rights. Its keys are never read by this deployment.
resource diagnosticRule 'Microsoft.EventHub/namespaces/authorizationRules@2024-01-01' = {
  parent: namespace
  name: 'entra-diagnostic-setting'
  properties: {
    rights: [
      'Listen'
      'Manage'
      'Send'
    ]
  }
}

resource hub 'Microsoft.EventHub/namespaces/eventhubs@2024-01-01' = {
  parent: namespace
  name: hubName
  properties: {
    partitionCount: partitionCount
    retentionDescription: {
      cleanupPolicy: 'Delete'
      retentionTimeInHours: retentionHours
    }
  }
}

resource consumerGroup 'Microsoft.EventHub/namespaces/eventhubs/consumergroups@2024-01-01' = {
  parent: hub
  name: consumerGroupName
  properties: {
    userMetadata: 'Entra risk export alone'
  }
}

// On the hub, not on the consumer group: the Functions trigger cannot work with the latter.
resource receiving 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: hub
  name: guid(hub.id, appPrincipalId, receiverRoleId)
  properties: {
    roleDefinitionId: receiverRoleId
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    description: 'Entra risk export reads the hub.'
  }
}

resource sending 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: hub
  name: guid(hub.id, appPrincipalId, senderRoleId)
  properties: {
    roleDefinitionId: senderRoleId
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    description: 'Entra risk export sends its heartbeats; nobody else is given this right.'
  }
}

resource watching 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(operatorsGroupId)) {
  scope: hub
  name: guid(hub.id, operatorsGroupId, receiverRoleId)
  properties: {
    roleDefinitionId: receiverRoleId
    principalId: operatorsGroupId
    principalType: 'Group'
    description: 'Operators see how far the app lags behind the hub.'
  }
}

// Who changed the namespace, and who was refused: who may write to the hub is part of the evidence.
resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: namespace
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'OperationalLogs'
        enabled: true
      }
    ]
  }
}

output namespaceId string = namespace.id
output namespaceName string = namespace.name
output namespaceHost string = replace(replace(namespace.properties.serviceBusEndpoint, 'https://', ''), ':443/', '')
output hubName string = hub.name
output consumerGroupName string = consumerGroup.name
output diagnosticRuleId string = diagnosticRule.id
