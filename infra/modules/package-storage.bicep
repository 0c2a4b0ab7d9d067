metadata description = 'Where the package of the program lies: an account of its own. The identity of the program reads it; the identity by which the platform stores what is deployed writes it, as long as that is allowed.'

@minLength(3)
@maxLength(24)
param name string
param location string
param tags object
param redundancy string
param privateNetworking bool

@description('Encrypt twice. Can only be said when the account is made.')
param infrastructureEncryption bool

@description('Principal of the identity by which the platform stores a package that is deployed, and loads it.')
param deploymentPrincipalId string

@description('Give that identity the right to write. A deployment takes away no role that an earlier one gave: infra/deploy-package.sh --close does.')
param packageUpload bool

@description('Workspace that takes the log of who read and wrote what.')
param workspaceId string

var roles = loadJsonContent('../roles.json')
var readerRoleId = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.storageBlobDataReader.id)
var contributorRoleId = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.storageBlobDataContributor.id)

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

resource packages 'Microsoft.Storage/storageAccounts/blobServices/containers@2024-01-01' = {
  parent: blobs
  name: 'app-package'
  properties: {
    publicAccess: 'None'
  }
}

resource loading 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: packages
  name: guid(packages.id, deploymentPrincipalId, readerRoleId)
  properties: {
    roleDefinitionId: readerRoleId
    principalId: deploymentPrincipalId
    principalType: 'ServicePrincipal'
    description: 'The platform loads the package of Entra risk export.'
  }
}

resource storing 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (packageUpload) {
  scope: packages
  name: guid(packages.id, deploymentPrincipalId, contributorRoleId)
  properties: {
    roleDefinitionId: contributorRoleId
    principalId: deploymentPrincipalId
    principalType: 'ServicePrincipal'
    description: 'The platform stores the package of Entra risk export that is deployed.'
  }
}

resource accessLog 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: blobs
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'StorageRead'
        enabled: true
      }
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
output containerUrl string = '${account.properties.primaryEndpoints.blob}${packages.name}'
