metadata description = 'Storage of the Functions host: checkpoints, locks, the app package, the outbox. Never the archive.'

@minLength(3)
@maxLength(24)
param name string
param location string
param tags object
param redundancy string
param privateNetworking bool

@description('Principal of the app.')
param appPrincipalId string

@description('Object id of the group of operators; empty: none.')
param operatorsGroupId string

var roles = loadJsonContent('../roles.json')
var appRoleIds = map([roles.storageBlobDataOwner.id, roles.storageQueueDataContributor.id, roles.storageTableDataContributor.id], id => subscriptionResourceId('Microsoft.Authorization/roleDefinitions', id))
var operatorRoleIds = map([roles.storageBlobDataReader.id, roles.storageQueueDataContributor.id, roles.storageTableDataContributor.id], id => subscriptionResourceId('Microsoft.Authorization/roleDefinitions', id))

@description('Wake-ups of the outbox and where the Functions host puts what it gave up on; wake-ups for contexts.')
var queueNames = [
  'outbox-wake-up'
  'outbox-wake-up-poison'
  'identity-context'
]
var tableNames = [
  'settled'
  'outbox'
  'contexts'
]

resource account 'Microsoft.Storage/storageAccounts@2024-01-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: redundancy
  }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: privateNetworking ? 'Disabled' : 'Enabled'
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: privateNetworking ? 'Deny' : 'Allow'
      ipRules: []
      virtualNetworkRules: []
    }
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2024-01-01' = {
  parent: account
  name: 'default'
  properties: {}
}

resource packages 'Microsoft.Storage/storageAccounts/blobServices/containers@2024-01-01' = {
  parent: blobs
  name: 'app-package'
  properties: {
    publicAccess: 'None'
  }
}

// The app has no code that makes its own state: what is missing here is missing there.
module state 'arm/host-state.json' = {
  name: 'host-state'
  params: {
    accountName: account.name
    queueNames: queueNames
    tableNames: tableNames
  }
}

resource appAccess 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for roleId in appRoleIds: {
  scope: account
  name: guid(account.id, appPrincipalId, roleId)
  properties: {
    roleDefinitionId: roleId
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    description: 'Entra risk export and its Functions host keep their state here.'
  }
}]

resource operatorAccess 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for roleId in operatorRoleIds: if (!empty(operatorsGroupId)) {
  scope: account
  name: guid(account.id, operatorsGroupId, roleId)
  properties: {
    roleDefinitionId: roleId
    principalId: operatorsGroupId
    principalType: 'Group'
    description: 'Operators see what is pending, retry and replay.'
  }
}]

output id string = account.id
output name string = account.name
output blobEndpoint string = account.properties.primaryEndpoints.blob
output queueEndpoint string = account.properties.primaryEndpoints.queue
output tableEndpoint string = account.properties.primaryEndpoints.table
output packageContainerUrl string = '${account.properties.primaryEndpoints.blob}${packages.name}'
