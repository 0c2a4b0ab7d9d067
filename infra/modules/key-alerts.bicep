metadata description = 'What nobody should do unnoticed: take or renew keys of the hub, and take away what protects the evidence.'

param tags object
param namePrefix string
param actionGroupName string

@description('Ids of the resource groups that are watched.')
param resourceGroupIds string[]

resource group 'Microsoft.Insights/actionGroups@2023-01-01' existing = {
  name: actionGroupName
}

var watched = [
  {
    name: 'keys-of-the-hub'
    description: 'Somebody took or renewed a key of the Event Hubs namespace. Whoever holds one can send to the hub: SECURITY.md. Writing the Entra diagnostic setting takes its key once.'
    operations: [
      'Microsoft.EventHub/namespaces/authorizationRules/listKeys/action'
      'Microsoft.EventHub/namespaces/authorizationRules/regenerateKeys/action'
      'Microsoft.EventHub/namespaces/authorizationRules/write'
    ]
  }
  {
    name: 'protection-removed'
    description: 'Somebody removed an immutability policy, a lock, or a diagnostic setting that logs who reads the evidence.'
    operations: [
      'Microsoft.Authorization/locks/delete'
      'Microsoft.Insights/diagnosticSettings/delete'
      'Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies/delete'
    ]
  }
  {
    name: 'program-replaced'
    description: 'Somebody fetched credentials to publish, or published a package. The digest that a heartbeat carries tells which program runs.'
    operations: [
      'Microsoft.Web/sites/publish/action'
      'Microsoft.Web/sites/publishxml/action'
      'Microsoft.Web/sites/extensions/write'
    ]
  }
]

resource alerts 'Microsoft.Insights/activityLogAlerts@2020-10-01' = [for alert in watched: {
  name: '${namePrefix}${alert.name}'
  location: 'global'
  tags: tags
  properties: {
    description: alert.description
    enabled: true
    scopes: resourceGroupIds
    condition: {
      allOf: [
        {
          field: 'category'
          equals: 'Administrative'
        }
        {
          field: 'status'
          equals: 'Succeeded'
        }
        {
          anyOf: [for operation in alert.operations: {
            field: 'operationName'
            equals: operation
          }]
        }
      ]
    }
    actions: {
      actionGroups: [
        {
          actionGroupId: group.id
        }
      ]
    }
  }
}]
