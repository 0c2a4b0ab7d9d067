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

@description('Throughput units that a deployment sets, whatever auto-inflate has made of them.')
@minValue(1)
@maxValue(40)
param throughputUnits int

@minValue(1)
@maxValue(40)
param maximumThroughputUnits int

@description('Refuse all networks but private endpoints, and trusted Microsoft services, as which Entra diagnostic settings come.')
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

// Denying by default closes nothing: without a rule for an address or a network all traffic is let in.
var publicNetworkAccess = privateNetworking ? 'Disabled' : 'Enabled'

resource namespace 'Microsoft.EventHub/namespaces@2024-01-01' = {
  name: namespaceName
  location: location
  tags: tags
  sku: {
    name: 'Standard'
    tier: 'Standard'
    capacity: throughputUnits
  }
  properties: {
    minimumTlsVersion: '1.2'
    // Entra diagnostic settings write by a shared access rule: switching local authentication off would silence them.
    disableLocalAuth: false
    isAutoInflateEnabled: maximumThroughputUnits > throughputUnits
    maximumThroughputUnits: maximumThroughputUnits > throughputUnits ? maximumThroughputUnits : 0
    publicNetworkAccess: publicNetworkAccess
  }
}

resource networkRules 'Microsoft.EventHub/namespaces/networkRuleSets@2024-01-01' = {
  parent: namespace
  name: 'default'
  properties: {
    publicNetworkAccess: publicNetworkAccess
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

// Who changed the namespace, and who was let in or refused: who may write to the hub is part of the evidence.
resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: namespace
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    logAnalyticsDestinationType: 'Dedicated'
    logs: [
      {
        category: 'OperationalLogs'
        enabled: true
      }
      {
        category: 'EventHubVNetConnectionEvent'
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
