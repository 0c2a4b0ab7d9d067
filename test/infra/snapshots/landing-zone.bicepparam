// Into subnets, zones and a private link scope of somebody else's, with everything that can only be said when accounts are made.
using '../../../infra/main.bicep'

param environmentName = 'trial'
param location = 'westeurope'
param appVersion = '1.0.0'
param appPackageSha256 = 'ABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABAB'
param appProgramSha256 = 'CDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCDCD'
param deployedAt = '2026-03-01T10:00:00Z'

param auditorsGroupId = 'group-auditors'
param operatorsGroupId = 'group-operators'
param privateNetworking = true
param publicAppAccess = false
param appSubnetId = '/subscriptions/00000000-0000-4000-8000-0000000000bb/resourceGroups/rg-network/providers/Microsoft.Network/virtualNetworks/vnet-corp/subnets/snet-risk-app'
param endpointSubnetId = '/subscriptions/00000000-0000-4000-8000-0000000000bb/resourceGroups/rg-network/providers/Microsoft.Network/virtualNetworks/vnet-corp/subnets/snet-risk-endpoints'
param createPrivateDnsZones = false
param privateDnsZoneIds = {
  blob: '/subscriptions/00000000-0000-4000-8000-0000000000bb/resourceGroups/rg-dns/providers/Microsoft.Network/privateDnsZones/privatelink.blob.core.windows.net'
}
param monitorPrivateLinkScopeId = '/subscriptions/00000000-0000-4000-8000-0000000000bb/resourceGroups/rg-monitor/providers/Microsoft.Insights/privateLinkScopes/ampls-corp'
param archiveRedundancy = 'Standard_GZRS'
param infrastructureEncryption = true
param archiveKey = {
  vaultUri: 'https://kv-keys.vault.azure.net'
  keyName: 'archive'
  identityId: '/subscriptions/00000000-0000-4000-8000-0000000000bb/resourceGroups/rg-keys/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-keys'
}
param archiveDeleteLock = true
param packageUpload = false
param enableAlarms = false
