metadata description = 'Application Insights that takes telemetry from Entra identities alone: its connection string is no secret.'

@minLength(1)
@maxLength(255)
param name string
param location string
param tags object
param workspaceId string
param privateIngestion bool

@description('Principal of the app.')
param publisherPrincipalId string

var roles = loadJsonContent('../roles.json')
var publisherRoleId = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.monitoringMetricsPublisher.id)

resource component 'Microsoft.Insights/components@2020-02-02' = {
  name: name
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspaceId
    DisableLocalAuth: true
    publicNetworkAccessForIngestion: privateIngestion ? 'Disabled' : 'Enabled'
    publicNetworkAccessForQuery: 'Enabled'
  }
}

resource publishing 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: component
  name: guid(component.id, publisherPrincipalId, publisherRoleId)
  properties: {
    roleDefinitionId: publisherRoleId
    principalId: publisherPrincipalId
    principalType: 'ServicePrincipal'
    description: 'Entra risk export sends its telemetry.'
  }
}

output id string = component.id
output connectionString string = component.properties.ConnectionString
