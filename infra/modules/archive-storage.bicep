metadata description = 'The archive: an account of its own, whose blobs can be created and not changed. Runs in the resource group of the archive.'

import {customerKey} from './types.bicep'

@minLength(3)
@maxLength(24)
param name string
param location string
param tags object
param redundancy string
param privateNetworking bool

@description('Encrypt twice. Can only be said when the account is made.')
param infrastructureEncryption bool

@description('Key that encrypts the account; absent: one of Microsoft\'s.')
param encryptionKey customerKey?

@description('How long a blob of the archive can be neither changed nor deleted, in days.')
@minValue(1)
@maxValue(146000)
param retentionDays int

@description('Set to false once the policies are locked: a locked policy can only be extended, and a template that says otherwise fails.')
param manageImmutabilityPolicy bool

@description('Move blobs of this age to the tier cool, in days; 0: never.')
@minValue(0)
param coolAfterDays int

@description('The same to the tier cold.')
@minValue(0)
param coldAfterDays int

@description('Delete blobs of this age, in days; 0: never. Must be longer than the retention.')
@minValue(0)
param deleteAfterDays int

@description('Principal of the app.')
param appPrincipalId string

@description('Id of the custom role that creates and does not delete; empty: the built-in contributor with a condition that forbids deleting.')
param writerRoleId string

@description('Object id of the group of auditors; empty: none.')
param auditorsGroupId string

@description('Object id of the group of operators; empty: none.')
param operatorsGroupId string

@description('Workspace that takes the log of who read and wrote what.')
param workspaceId string

var roles = loadJsonContent('../roles.json')
var readerRoleId = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.storageBlobDataReader.id)
var contributorRoleId = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.storageBlobDataContributor.id)
var appRoleId = empty(writerRoleId) ? contributorRoleId : writerRoleId
var notDeleting = '!(ActionMatches{\'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/delete\'})'

@description('Containers that hold evidence: write once, read by auditors.')
var evidence = [
  'archive'
  'evidence-fixed'
  'receipts'
]
var deadLetters = 'deadletters'

@description('The log of the archive as others read it: made from what is in evidence-fixed, and so without a policy; its newest checkpoint is overwritten.')
var log = 'evidence'
var containerNames = concat(evidence, [deadLetters, log])

var agingActions = union(coolAfterDays == 0 ? {} : {
  tierToCool: {
    daysAfterModificationGreaterThan: coolAfterDays
  }
}, coldAfterDays == 0 ? {} : {
  tierToCold: {
    daysAfterModificationGreaterThan: coldAfterDays
  }
}, deleteAfterDays == 0 ? {} : {
  delete: {
    daysAfterModificationGreaterThan: max(deleteAfterDays, retentionDays + 1)
  }
})

resource account 'Microsoft.Storage/storageAccounts@2024-01-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: redundancy
  }
  identity: encryptionKey == null ? null : {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${encryptionKey!.identityId}': {}
    }
  }
  properties: {
    encryption: encryptionKey == null ? {
      keySource: 'Microsoft.Storage'
      requireInfrastructureEncryption: infrastructureEncryption
    } : {
      keySource: 'Microsoft.Keyvault'
      requireInfrastructureEncryption: infrastructureEncryption
      identity: {
        userAssignedIdentity: encryptionKey!.identityId
      }
      keyvaultproperties: {
        keyname: encryptionKey!.keyName
        keyvaulturi: encryptionKey!.vaultUri
      }
    }
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowedCopyScope: 'AAD'
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

// Neither versions nor point-in-time restore: container-level immutability excludes the latter and needs not the former.
resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2024-01-01' = {
  parent: account
  name: 'default'
  properties: {
    isVersioningEnabled: false
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

resource containers 'Microsoft.Storage/storageAccounts/blobServices/containers@2024-01-01' = [for containerName in containerNames: {
  parent: blobs
  name: containerName
  properties: {
    publicAccess: 'None'
  }
}]

// Unlocked: in force, but removable by an administrator, so that a trial can be taken down. infra/lock-archive.sh makes it final.
resource policies 'Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies@2024-01-01' = [for (containerName, index) in evidence: if (manageImmutabilityPolicy) {
  parent: containers[index]
  name: 'default'
  properties: {
    immutabilityPeriodSinceCreationInDays: retentionDays
    allowProtectedAppendWrites: false
  }
}]

// A rule without an action is refused; what an earlier deployment made stays.
resource lifecycle 'Microsoft.Storage/storageAccounts/managementPolicies@2024-01-01' = if (!empty(agingActions)) {
  parent: account
  name: 'default'
  properties: {
    policy: {
      rules: [
        {
          name: 'cheaper-with-age'
          type: 'Lifecycle'
          enabled: true
          definition: {
            filters: {
              blobTypes: [
                'blockBlob'
              ]
              prefixMatch: map(evidence, containerName => '${containerName}/')
            }
            actions: {
              baseBlob: agingActions
            }
          }
        }
      ]
    }
  }
}

resource writing 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for (containerName, index) in containerNames: {
  scope: containers[index]
  name: guid(containers[index].id, appPrincipalId, appRoleId)
  properties: {
    roleDefinitionId: appRoleId
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    description: 'Entra risk export creates blobs and reads them again; it cannot delete them.'
    condition: empty(writerRoleId) ? notDeleting : null
    conditionVersion: empty(writerRoleId) ? '2.0' : null
  }
}]

resource auditing 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for (containerName, index) in containerNames: if (!empty(auditorsGroupId)) {
  scope: containers[index]
  name: guid(containers[index].id, auditorsGroupId, readerRoleId)
  properties: {
    roleDefinitionId: readerRoleId
    principalId: auditorsGroupId
    principalType: 'Group'
    description: 'Auditors read the evidence, and what became of it.'
  }
}]

resource operating 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for (containerName, index) in evidence: if (!empty(operatorsGroupId)) {
  scope: containers[index]
  name: guid(containers[index].id, operatorsGroupId, readerRoleId)
  properties: {
    roleDefinitionId: readerRoleId
    principalId: operatorsGroupId
    principalType: 'Group'
    description: 'Operators trace an event and replay it.'
  }
}]

resource verifying 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(operatorsGroupId)) {
  scope: containers[length(evidence) + 1]
  name: guid(containers[length(evidence) + 1].id, operatorsGroupId, readerRoleId)
  properties: {
    roleDefinitionId: readerRoleId
    principalId: operatorsGroupId
    principalType: 'Group'
    description: 'Operators verify the archive.'
  }
}

resource clearing 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(operatorsGroupId)) {
  scope: containers[length(evidence)]
  name: guid(containers[length(evidence)].id, operatorsGroupId, contributorRoleId)
  properties: {
    roleDefinitionId: contributorRoleId
    principalId: operatorsGroupId
    principalType: 'Group'
    description: 'Operators retry and discard dead letters.'
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
output name string = account.name
output blobEndpoint string = account.properties.primaryEndpoints.blob
