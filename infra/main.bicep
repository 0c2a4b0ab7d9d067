targetScope = 'subscription'

metadata name = 'Entra risk export'
metadata description = 'Everything that exports the workload-identity risk of one tenant: hub, app, archive, tables, vault, alarms. The Entra diagnostic setting is made apart (infra/tenant/): it belongs to the tenant, not to a subscription.'

import {eventHubOutOptions, evidenceOptions, graphOptions, namedWebhook, tuning, webhookOptions} from './modules/types.bicep'

// What and where

@description('Name of this deployment: in the names of the resource groups, and seed of all other names.')
@minLength(1)
@maxLength(40)
param environmentName string

@description('Region of everything but what belongs to an existing workspace. Must offer Flex Consumption: az functionapp list-flexconsumption-locations.')
@minLength(1)
param location string

@description('Tags of every resource.')
param tags object = {}

@description('Resource group of the exporter; empty: by the name of the deployment.')
param resourceGroupName string = ''

@description('Resource group of the archive; empty: by the name of the deployment. Apart, because a locked archive outlives the exporter.')
param archiveResourceGroupName string = ''

// The program

@description('Version of the package that belongs to this deployment.')
@minLength(5)
param appVersion string

@description('SHA-256 of that package, 64 hex digits: what infra/deploy-package.sh demands of the file it deploys.')
@minLength(64)
@maxLength(64)
param appPackageSha256 string

@description('Tenant whose risk is exported; used for records that do not name their tenant.')
param entraTenantId string = subscription().tenantId

@description('Also export risky users: personal data.')
param includeUserRisk bool = false

@description('Language of detection names.')
@allowed(['en', 'ja', 'zh-Hans'])
param detectionLanguage string = 'en'

@description('Categories for Log Analytics, separated by commas; empty: all. Heartbeats always.')
param logsIngestionCategories string = ''

@description('Times and rhythms of delivery.')
param tune tuning = {}

@description('Comparison with Microsoft Graph.')
param graph graphOptions = {}

@description('The log of the archive that others can check.')
param evidence evidenceOptions = {}

// The webhook

@description('Receiver of the SIEM webhook; empty: no webhook.')
param webhookUrl string = ''

@description('How the webhook behaves.')
param webhook webhookOptions = {}

@description('Further webhook destinations. Their secrets are set in the vault: for `soc`, `webhook-soc-secret` or `webhook-soc-token`.')
param webhooks namedWebhook[] = []

@description('Signing secret of the webhook, whsec_ and Base64; empty: the one in the vault stays.')
@secure()
param webhookSecret string = ''

@description('The next signing secret while rotating; empty: the one in the vault stays.')
@secure()
param webhookSecretNext string = ''

@description('Token of the Splunk HTTP Event Collector; empty: the one in the vault stays.')
@secure()
param webhookToken string = ''

// The hub that events are sent to

@description('A hub of yours or of another tenant that the events are sent to: docs/siem/qradar.md.')
param eventHubOut eventHubOutOptions = {}

// Scale

@allowed(['22', '24'])
param nodeVersion string = '22'

@description('Memory of one instance, in MB. 512 is not offered: batches of the largest messages do not fit. Of more than four partitions an instance may hold so much that 4096 is taken whatever is said here.')
@allowed([2048, 4096])
param instanceMemoryMB int = 2048

@minValue(40)
@maxValue(1000)
param maximumInstanceCount int = 40

@description('Instances of ingest that are always on; 0: none.')
@minValue(0)
@maxValue(10)
param alwaysReadyInstances int = 0

// The hub

param eventHubName string = 'entra-risk'
param consumerGroupName string = 'risk-export'

@description('Cannot be changed later. What one instance carries: docs/operations.md#memory.')
@minValue(1)
@maxValue(8)
param partitionCount int = 4

@description('How long a message waits to be read, in hours.')
@minValue(1)
@maxValue(168)
param eventHubRetentionHours int = 168

@minValue(1)
@maxValue(40)
param maximumThroughputUnits int = 4

// The workspace

@description('Id of an existing workspace; empty: a new one.')
param workspaceResourceId string = ''

@description('Region of the existing workspace; empty: the same.')
param workspaceLocation string = ''

@minValue(4)
@maxValue(730)
param tableRetentionDays int = 90

@minValue(4)
@maxValue(4383)
param tableTotalRetentionDays int = 400

@description('Switch on Microsoft Sentinel in the workspace.')
param onboardSentinel bool = false

@description('Install the solution for Microsoft Sentinel: functions and watchlists; rules, workbook and playbooks as templates.')
param deploySentinelContent bool = false

// The archive

@minValue(1)
@maxValue(146000)
param archiveRetentionDays int = 400

@description('Set to false once infra/lock-archive.sh has locked the policies.')
param manageImmutabilityPolicy bool = true

@minValue(1)
param archiveCoolAfterDays int = 30

@minValue(1)
param archiveColdAfterDays int = 90

@description('Delete archived blobs of this age, in days; 0: never.')
@minValue(0)
param archiveDeleteAfterDays int = 0

@description('Redundancy of both storage accounts.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
param storageRedundancy string = 'Standard_ZRS'

@description('Give the app a custom role that cannot delete. False: a built-in role with a condition that forbids deleting, for deployers who may not define roles.')
param defineArchiveRole bool = true

// The vault

@description('Protect the vault against final deletion, for ever. False only for trials that are taken down and put up again under the same name.')
param purgeProtection bool = true

// People

@description('Object id of the group of auditors; empty: none.')
param auditorsGroupId string = ''

@description('Object id of the group of operators; empty: none.')
param operatorsGroupId string = ''

@description('Addresses for alarms, separated by commas; empty: alarms are only seen in the portal.')
param alertEmails string = ''

@description('How old the oldest pending delivery may become before an alarm, in minutes.')
@minValue(1)
param oldestPendingMinutes int = 60

// The network

@description('Private endpoints for everything the app talks to; nothing of it reachable from public addresses.')
param privateNetworking bool = false

@description('Of the virtual network: at least a /26.')
param networkAddressPrefix string = '10.90.0.0/26'

@description('Id of a NAT gateway for the webhook; empty: the default way out.')
param natGatewayId string = ''

@description('With private networking: whether the app itself still takes deployments and health checks from public addresses.')
param publicAppAccess bool = true

var abbreviations = loadJsonContent('./abbreviations.json')
var token = uniqueString(subscription().id, environmentName, location)
var allTags = union(tags, {
  'azd-env-name': environmentName
})
var mainGroupName = empty(resourceGroupName) ? '${abbreviations.resourceGroup}${environmentName}' : resourceGroupName
var archiveGroupName = empty(archiveResourceGroupName) ? '${abbreviations.resourceGroup}${environmentName}-archive' : archiveResourceGroupName
var functionAppName = '${abbreviations.functionApp}${token}'
var ruleName = '${abbreviations.dataCollectionRule}${token}'
var ownWorkspace = empty(workspaceResourceId)
var workspaceIdParts = split(workspaceResourceId, '/')
var workspaceSubscriptionId = ownWorkspace ? subscription().subscriptionId : workspaceIdParts[2]
var workspaceGroupName = ownWorkspace ? mainGroupName : workspaceIdParts[4]
var workspaceRegion = ownWorkspace || empty(workspaceLocation) ? location : workspaceLocation
var outHubId = eventHubOut.?hubId ?? ''
var outHubIdParts = split(outHubId, '/')
var grantOutHub = !empty(outHubId)
var mailTo = filter(map(split(alertEmails, ','), address => trim(address)), address => !empty(address))

resource mainGroup 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: mainGroupName
  location: location
  tags: allTags
}

resource archiveGroup 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: archiveGroupName
  location: location
  tags: allTags
}

module identity 'modules/identity.bicep' = {
  scope: mainGroup
  name: 'identity'
  params: {
    name: '${abbreviations.managedIdentity}${token}'
    location: location
    tags: allTags
  }
}

module workspace 'modules/workspace.bicep' = if (ownWorkspace) {
  scope: mainGroup
  name: 'workspace'
  params: {
    name: '${abbreviations.workspace}${token}'
    location: location
    tags: allTags
    retentionInDays: max(tableRetentionDays, 30)
    privateIngestion: privateNetworking
  }
}

var workspaceId = ownWorkspace ? workspace!.outputs.id : workspaceResourceId
var workspaceName = ownWorkspace ? workspace!.outputs.name : last(workspaceIdParts)

// An existing workspace has its own readers: it holds more than ours.
module workspaceReaders 'modules/workspace-readers.bicep' = if (ownWorkspace) {
  scope: mainGroup
  name: 'workspace-readers'
  params: {
    workspaceName: workspaceName
    readerGroupIds: filter([auditorsGroupId, operatorsGroupId], groupId => !empty(groupId))
  }
}

module tables 'modules/tables.bicep' = {
  scope: resourceGroup(workspaceSubscriptionId, workspaceGroupName)
  name: 'tables-${token}'
  params: {
    workspaceName: workspaceName
    retentionInDays: tableRetentionDays
    totalRetentionInDays: max(tableTotalRetentionDays, tableRetentionDays)
  }
}

module ingestion 'modules/ingestion.bicep' = {
  scope: mainGroup
  name: 'ingestion'
  params: {
    ruleName: ruleName
    endpointName: '${abbreviations.dataCollectionEndpoint}${token}'
    location: workspaceRegion
    tags: allTags
    workspaceId: workspaceId
    tableNames: tables.outputs.names
    privateIngestion: privateNetworking
    publisherPrincipalId: identity.outputs.principalId
  }
}

module appInsights 'modules/app-insights.bicep' = {
  scope: mainGroup
  name: 'app-insights'
  params: {
    name: '${abbreviations.applicationInsights}${token}'
    location: workspaceRegion
    tags: allTags
    workspaceId: workspaceId
    privateIngestion: privateNetworking
    publisherPrincipalId: identity.outputs.principalId
  }
}

module eventHub 'modules/event-hub.bicep' = {
  scope: mainGroup
  name: 'event-hub'
  params: {
    namespaceName: '${abbreviations.eventHubNamespace}${token}'
    location: location
    tags: allTags
    hubName: eventHubName
    consumerGroupName: consumerGroupName
    partitionCount: partitionCount
    retentionHours: eventHubRetentionHours
    maximumThroughputUnits: maximumThroughputUnits
    privateNetworking: privateNetworking
    appPrincipalId: identity.outputs.principalId
    operatorsGroupId: operatorsGroupId
    workspaceId: workspaceId
  }
}

module hostStorage 'modules/host-storage.bicep' = {
  scope: mainGroup
  name: 'host-storage'
  params: {
    name: '${abbreviations.hostStorageAccount}${token}'
    location: location
    tags: allTags
    redundancy: storageRedundancy
    privateNetworking: privateNetworking
    appPrincipalId: identity.outputs.principalId
    operatorsGroupId: operatorsGroupId
  }
}

// A type that the offline check does not know is kept as an ARM template: see docs/decisions/.
module archiveRole 'modules/arm/archive-writer-role.json' = if (defineArchiveRole) {
  scope: archiveGroup
  name: 'archive-writer-role'
  params: {
    roleName: 'Entra risk export archive writer ${token}'
  }
}

module archiveStorage 'modules/archive-storage.bicep' = {
  scope: archiveGroup
  name: 'archive-storage'
  params: {
    name: '${abbreviations.archiveStorageAccount}${token}'
    location: location
    tags: allTags
    redundancy: storageRedundancy
    privateNetworking: privateNetworking
    retentionDays: archiveRetentionDays
    manageImmutabilityPolicy: manageImmutabilityPolicy
    coolAfterDays: archiveCoolAfterDays
    coldAfterDays: archiveColdAfterDays
    deleteAfterDays: archiveDeleteAfterDays
    appPrincipalId: identity.outputs.principalId
    writerRoleId: defineArchiveRole ? archiveRole!.outputs.roleDefinitionId : ''
    auditorsGroupId: auditorsGroupId
    operatorsGroupId: operatorsGroupId
    workspaceId: workspaceId
  }
}

module keyVault 'modules/key-vault.bicep' = {
  scope: mainGroup
  name: 'key-vault'
  params: {
    name: '${abbreviations.keyVault}${token}'
    location: location
    tags: allTags
    purgeProtection: purgeProtection
    privateNetworking: privateNetworking
    webhookSecret: webhookSecret
    webhookSecretNext: webhookSecretNext
    webhookToken: webhookToken
    appPrincipalId: identity.outputs.principalId
    operatorsGroupId: operatorsGroupId
    workspaceId: workspaceId
  }
}

module network 'modules/network.bicep' = if (privateNetworking) {
  scope: mainGroup
  name: 'network'
  params: {
    name: '${abbreviations.virtualNetwork}${token}'
    location: location
    tags: allTags
    addressPrefix: networkAddressPrefix
    natGatewayId: natGatewayId
  }
}

module monitorScope 'modules/arm/monitor-private-link-scope.json' = if (privateNetworking) {
  scope: mainGroup
  name: 'monitor-private-link-scope'
  params: {
    name: '${abbreviations.monitorPrivateLinkScope}${token}'
    tags: allTags
    resourceIds: [
      ingestion.outputs.endpointId
      appInsights.outputs.id
      workspaceId
    ]
  }
}

module endpoints 'modules/private-endpoints.bicep' = if (privateNetworking) {
  scope: mainGroup
  name: 'private-endpoints'
  params: {
    location: location
    tags: allTags
    subnetId: network!.outputs.endpointSubnetId
    endpoints: [
      {
        name: 'event-hub'
        resourceId: eventHub.outputs.namespaceId
        groupId: 'namespace'
        zoneIds: [
          network!.outputs.zoneIds.eventHub
        ]
      }
      {
        name: 'host-blob'
        resourceId: hostStorage.outputs.id
        groupId: 'blob'
        zoneIds: [
          network!.outputs.zoneIds.blob
        ]
      }
      {
        name: 'host-queue'
        resourceId: hostStorage.outputs.id
        groupId: 'queue'
        zoneIds: [
          network!.outputs.zoneIds.queue
        ]
      }
      {
        name: 'host-table'
        resourceId: hostStorage.outputs.id
        groupId: 'table'
        zoneIds: [
          network!.outputs.zoneIds.table
        ]
      }
      {
        name: 'archive-blob'
        resourceId: archiveStorage.outputs.id
        groupId: 'blob'
        zoneIds: [
          network!.outputs.zoneIds.blob
        ]
      }
      {
        name: 'key-vault'
        resourceId: keyVault.outputs.id
        groupId: 'vault'
        zoneIds: [
          network!.outputs.zoneIds.keyVault
        ]
      }
      {
        name: 'monitor'
        resourceId: monitorScope!.outputs.id
        groupId: 'azuremonitor'
        zoneIds: network!.outputs.monitorZoneIds
      }
    ]
  }
}

// After the private endpoints: an app that starts before them finds nothing it needs.
module app 'modules/function-app.bicep' = {
  scope: mainGroup
  name: 'function-app'
  params: {
    name: functionAppName
    planName: '${abbreviations.functionPlan}${token}'
    location: location
    tags: allTags
    appTags: {
      'azd-service-name': 'exporter'
      'risk-export-version': appVersion
      'risk-export-package-sha256': toLower(appPackageSha256)
    }
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    packageContainerUrl: hostStorage.outputs.packageContainerUrl
    nodeVersion: nodeVersion
    instanceMemoryMB: partitionCount > 4 ? 4096 : instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    alwaysReadyInstances: alwaysReadyInstances
    subnetId: privateNetworking ? network!.outputs.appSubnetId : ''
    publicNetworkAccess: !privateNetworking || publicAppAccess
    entraTenantId: entraTenantId
    includeUserRisk: includeUserRisk
    detectionLanguage: detectionLanguage
    eventHubNamespaceHost: eventHub.outputs.namespaceHost
    eventHubName: eventHub.outputs.hubName
    consumerGroupName: eventHub.outputs.consumerGroupName
    hostBlobEndpoint: hostStorage.outputs.blobEndpoint
    hostQueueEndpoint: hostStorage.outputs.queueEndpoint
    hostTableEndpoint: hostStorage.outputs.tableEndpoint
    archiveBlobEndpoint: archiveStorage.outputs.blobEndpoint
    logsIngestionEndpoint: ingestion.outputs.logsIngestionEndpoint
    logsIngestionRuleId: ingestion.outputs.ruleImmutableId
    logsIngestionCategories: logsIngestionCategories
    appInsightsConnectionString: appInsights.outputs.connectionString
    vaultUri: keyVault.outputs.uri
    webhookUrl: webhookUrl
    webhook: webhook
    webhooks: webhooks
    eventHubOut: eventHubOut
    tune: tune
    graph: graph
    evidence: evidence
    eventHubRetentionHours: eventHubRetentionHours
    signingKeyName: keyVault.outputs.signingKeyName
  }
  dependsOn: [
    endpoints
  ]
}

module eventHubOutSender 'modules/event-hub-out.bicep' = if (grantOutHub) {
  scope: resourceGroup(grantOutHub ? outHubIdParts[2] : subscription().subscriptionId, grantOutHub ? outHubIdParts[4] : mainGroupName)
  name: 'event-hub-out-${token}'
  params: {
    namespaceName: grantOutHub ? outHubIdParts[8] : ''
    hubName: grantOutHub ? outHubIdParts[10] : ''
    appPrincipalId: identity.outputs.principalId
  }
}

module appEndpoint 'modules/private-endpoints.bicep' = if (privateNetworking) {
  scope: mainGroup
  name: 'private-endpoint-app'
  params: {
    location: location
    tags: allTags
    subnetId: network!.outputs.endpointSubnetId
    endpoints: [
      {
        name: 'app'
        resourceId: app.outputs.id
        groupId: 'sites'
        zoneIds: [
          network!.outputs.zoneIds.sites
        ]
      }
    ]
  }
}

module alerts 'modules/alerts.bicep' = {
  scope: mainGroup
  name: 'alerts'
  params: {
    tags: allTags
    namePrefix: 'risk-export-${token}-'
    actionGroupName: '${abbreviations.actionGroup}${token}'
    emailAddresses: mailTo
    workspaceLocation: workspaceRegion
    workspaceId: workspaceId
    functionAppName: functionAppName
    eventHubNamespaceId: eventHub.outputs.namespaceId
    dataCollectionRuleName: ruleName
    oldestPendingMinutes: oldestPendingMinutes
    tableNames: tables.outputs.names
  }
}

module sentinel 'modules/sentinel.bicep' = if (onboardSentinel || deploySentinelContent) {
  scope: resourceGroup(workspaceSubscriptionId, workspaceGroupName)
  name: 'sentinel-${token}'
  params: {
    workspaceName: workspaceName
    location: workspaceRegion
    onboardSentinel: onboardSentinel
    deployContent: deploySentinelContent
  }
  dependsOn: [
    tables
  ]
}

@description('The name that azd looks for.')
output AZURE_RESOURCE_GROUP string = mainGroup.name
output resourceGroup string = mainGroup.name
output archiveResourceGroup string = archiveGroup.name
output archiveAccount string = archiveStorage.outputs.name
output functionApp string = app.outputs.name
output functionHost string = app.outputs.hostName
output eventHubNamespace string = eventHub.outputs.namespaceName
output eventHub string = eventHub.outputs.hubName

@description('For infra/tenant/: the rule by which the Entra diagnostic setting writes. An id, not a key.')
output diagnosticRuleId string = eventHub.outputs.diagnosticRuleId
output keyVault string = keyVault.outputs.name
output workspaceId string = workspaceId
output appVersion string = appVersion
output appPackageSha256 string = toLower(appPackageSha256)
