// A playbook: a workflow (Logic Apps, Consumption) that an incident of Microsoft Sentinel starts, and that acts as its own
// managed identity. The content of the solution is made from the compiled form, playbook.json: compile it after a change.

@description('Name of the playbook.')
param PlaybookName string

@description('Name of the workspace with Microsoft Sentinel, in the resource group of the playbook.')
param workspace string

@description('Region of the playbook.')
param location string = resourceGroup().location

@description('Tags of the playbook.')
param tags object

@description('Definition of the workflow.')
param definition object

@description('Values of parameters of the workflow.')
param settings object

resource logs 'Microsoft.OperationalInsights/workspaces@2025-02-01' existing = {
  name: workspace
}

resource connection 'Microsoft.Web/connections@2016-06-01' = {
  name: 'azuresentinel-${PlaybookName}'
  location: location
  #disable-next-line BCP187 // As below: of connections that sign in as a managed identity.
  kind: 'V1'
  properties: {
    displayName: PlaybookName
    api: {
      id: subscriptionResourceId('Microsoft.Web/locations/managedApis', location, 'azuresentinel')
    }
    #disable-next-line BCP037 // Signs in as the managed identity of the workflow; the published type lacks the property.
    parameterValueType: 'Alternative'
  }
}

resource playbook 'Microsoft.Logic/workflows@2019-05-01' = {
  name: PlaybookName
  location: location
  tags: union(tags, { 'hidden-SentinelWorkspaceId': logs.id })
  identity: {
    type: 'SystemAssigned'
  }
  properties: {
    state: 'Enabled'
    definition: definition
    parameters: union(settings, {
      WorkspaceId: {
        value: logs.properties.customerId
      }
      '$connections': {
        value: {
          azuresentinel: {
            connectionId: connection.id
            connectionName: connection.name
            id: connection.properties.api.id
            connectionProperties: {
              authentication: {
                type: 'ManagedServiceIdentity'
              }
            }
          }
        }
      }
    })
  }
}

@description('Object id of the identity of the playbook: the grants are for it.')
output principalId string = playbook.identity.principalId
