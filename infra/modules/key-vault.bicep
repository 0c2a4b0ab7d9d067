metadata description = 'Secrets of the webhook, and the key that signs the log of the archive.'

@minLength(3)
@maxLength(24)
param name string
param location string
param tags object

@description('Keep what is deleted for 90 days against everybody. Cannot be taken back.')
param purgeProtection bool
param privateNetworking bool

@description('Signing secret of the webhook; empty: the one in the vault stays.')
@secure()
param webhookSecret string

@description('The next signing secret while rotating; empty: the one in the vault stays.')
@secure()
param webhookSecretNext string

@description('Token of the Splunk HTTP Event Collector; empty: the one in the vault stays.')
@secure()
param webhookToken string

@description('Principal of the app.')
param appPrincipalId string

@description('Object id of the group of operators; empty: none.')
param operatorsGroupId string

@description('Workspace that takes the log of who used what.')
param workspaceId string

var roles = loadJsonContent('../roles.json')
var userRoleId = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.keyVaultSecretsUser.id)
var cryptoUserRoleId = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.keyVaultCryptoUser.id)
var officerRoleId = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.keyVaultSecretsOfficer.id)

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: subscription().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 90
    enablePurgeProtection: purgeProtection ? true : null
    enabledForDeployment: false
    enabledForDiskEncryption: false
    enabledForTemplateDeployment: false
    publicNetworkAccess: privateNetworking ? 'Disabled' : 'Enabled'
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: privateNetworking ? 'Deny' : 'Allow'
      ipRules: []
      virtualNetworkRules: []
    }
  }
}

resource secret 'Microsoft.KeyVault/vaults/secrets@2024-11-01' = if (!empty(webhookSecret)) {
  parent: vault
  name: 'webhook-secret'
  properties: {
    contentType: 'whsec_ and Base64'
    value: webhookSecret
  }
}

resource secretNext 'Microsoft.KeyVault/vaults/secrets@2024-11-01' = if (!empty(webhookSecretNext)) {
  parent: vault
  name: 'webhook-secret-next'
  properties: {
    contentType: 'whsec_ and Base64'
    value: webhookSecretNext
  }
}

resource token 'Microsoft.KeyVault/vaults/secrets@2024-11-01' = if (!empty(webhookToken)) {
  parent: vault
  name: 'webhook-token'
  properties: {
    contentType: 'token'
    value: webhookToken
  }
}

// Made once: a template that names an existing key makes no new version of it. A new version is a rotation, which the log announces.
resource signingKey 'Microsoft.KeyVault/vaults/keys@2024-11-01' = {
  parent: vault
  name: 'evidence'
  tags: tags
  properties: {
    kty: 'EC'
    curveName: 'P-256'
    keyOps: [
      'sign'
      'verify'
    ]
  }
}

resource signing 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: signingKey
  name: guid(signingKey.id, appPrincipalId, cryptoUserRoleId)
  properties: {
    roleDefinitionId: cryptoUserRoleId
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    description: 'Entra risk export signs the log of the archive.'
  }
}

// On the vault, which holds no other secrets: a secret may be set only after the deployment, so none can be the scope.
resource using 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: vault
  name: guid(vault.id, appPrincipalId, userRoleId)
  properties: {
    roleDefinitionId: userRoleId
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    description: 'Entra risk export reads the secrets of its webhook.'
  }
}

resource setting 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(operatorsGroupId)) {
  scope: vault
  name: guid(vault.id, operatorsGroupId, officerRoleId)
  properties: {
    roleDefinitionId: officerRoleId
    principalId: operatorsGroupId
    principalType: 'Group'
    description: 'Operators set and rotate the secrets of the webhook.'
  }
}

resource auditLog 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: vault
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    logAnalyticsDestinationType: 'Dedicated'
    logs: [
      {
        category: 'AuditEvent'
        enabled: true
      }
    ]
  }
}

output id string = vault.id
output name string = vault.name
output uri string = vault.properties.vaultUri
output signingKeyName string = signingKey.name
