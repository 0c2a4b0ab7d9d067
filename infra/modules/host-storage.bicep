metadata description = 'Storage of the Functions host: checkpoints, locks, the outbox. Neither the archive nor the package of the program.'

@minLength(3)
@maxLength(24)
param name string
param location string
param tags object
param redundancy string
param privateNetworking bool

@description('Encrypt twice. Can only be said when the account is made.')
param infrastructureEncryption bool

@description('Principal of the app.')
param appPrincipalId string

@description('Object id of the group of operators; empty: none.')
param operatorsGroupId string

@description('Workspace that takes the log of who changed what.')
param workspaceId string

var roles = loadJsonContent('../roles.json')
var appRoleIds = map([roles.storageBlobDataOwner.id, roles.storageQueueDataContributor.id, roles.storageTableDataContributor.id], id => subscriptionResourceId('Microsoft.Authorization/roleDefinitions', id))
var operatorRoleIds = map([roles.storageBlobDataReader.id, roles.storageQueueDataReader.id, roles.storageTableDataReader.id], id => subscriptionResourceId('Microsoft.Authorization/roleDefinitions', id))
var tableContributorRoleId = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.storageTableDataContributor.id)
var messageSenderRoleId = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.storageQueueDataMessageSender.id)

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
    allowedCopyScope: 'AAD'
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    encryption: {
      keySource: 'Microsoft.Storage'
      requireInfrastructureEncryption: infrastructureEncryption
    }
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
  properties: {
    deleteRetentionPolicy: {
      enabled: true
      days: 30
    }
    containerDeleteRetentionPolicy: {
      enabled: true
      days: 30
    }
  }
}

resource queueService 'Microsoft.Storage/storageAccounts/queueServices@2024-01-01' = {
  parent: account
  name: 'default'
}

resource tableService 'Microsoft.Storage/storageAccounts/tableServices@2024-01-01' = {
  parent: account
  name: 'default'
}

// The app has no code that makes its own state: what is missing here is missing there.
resource queues 'Microsoft.Storage/storageAccounts/queueServices/queues@2024-01-01' = [for queueName in queueNames: {
  parent: queueService
  name: queueName
}]

resource tables 'Microsoft.Storage/storageAccounts/tableServices/tables@2024-01-01' = [for tableName in tableNames: {
  parent: tableService
  name: tableName
}]

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
    description: 'Operators see what is pending, and what is settled.'
  }
}]

// Not on the table of settled ranges: a row there makes events count as delivered that nobody has sent.
resource queueingAgain 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(operatorsGroupId)) {
  scope: tables[indexOf(tableNames, 'outbox')]
  name: guid(tables[indexOf(tableNames, 'outbox')].id, operatorsGroupId, tableContributorRoleId)
  properties: {
    roleDefinitionId: tableContributorRoleId
    principalId: operatorsGroupId
    principalType: 'Group'
    description: 'Operators retry and replay: they add rows to the outbox.'
  }
}

resource waking 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(operatorsGroupId)) {
  scope: queues[indexOf(queueNames, 'outbox-wake-up')]
  name: guid(queues[indexOf(queueNames, 'outbox-wake-up')].id, operatorsGroupId, messageSenderRoleId)
  properties: {
    roleDefinitionId: messageSenderRoleId
    principalId: operatorsGroupId
    principalType: 'Group'
    description: 'Operators wake the app up for what they added.'
  }
}

// Leases and polling would be a million rows a month: of blobs and queues, what was deleted; of tables, what was written too.
resource blobLog 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: blobs
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'StorageDelete'
        enabled: true
      }
    ]
  }
}

resource queueLog 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: queueService
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'StorageDelete'
        enabled: true
      }
    ]
  }
}

resource tableLog 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: tableService
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'StorageWrite'
        enabled: true
      }
      {
        category: 'StorageDelete'
        enabled: true
      }
    ]
  }
}

output id string = account.id
output name string = account.name
output blobEndpoint string = account.properties.primaryEndpoints.blob
output queueEndpoint string = account.properties.primaryEndpoints.queue
output tableEndpoint string = account.properties.primaryEndpoints.table
