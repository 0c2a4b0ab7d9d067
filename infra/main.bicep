targetScope = 'subscription'

metadata name = 'Entra risk export'
metadata description = 'Everything that exports the workload-identity risk of one tenant: hub, app, archive, tables, vault, alarms. The Entra diagnostic setting is made apart (infra/tenant/): it belongs to the tenant, not to a subscription.'

import {customerKey, eventHubOutOptions, evidenceOptions, graphOptions, namedWebhook, privateDnsZoneIds as zoneIds, tuning, webhookOptions} from './modules/types.bicep'

// What and where

@description('Name of this deployment: in the names of the resource groups, and seed of all other names, whatever its case. Letters, digits and hyphens.')
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

@description('SHA-256 of its list of files (risk-export-….files), 64 hex digits: what heartbeats must tell. Empty: which program runs is not compared.')
param appProgramSha256 string = ''

@description('When this deployment is made: leave it out. The alarm on silence gives a new deployment two hours.')
param deployedAt string = utcNow('yyyy-MM-ddTHH:mm:ssZ')

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

@description('Line of Node.js. Support of 22 ends on 2027-04-30.')
@allowed(['22', '24'])
param nodeVersion string = '24'

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

@minLength(1)
@maxLength(256)
param eventHubName string = 'entra-risk'

@minLength(1)
@maxLength(50)
param consumerGroupName string = 'risk-export'

@description('Cannot be changed later. What one instance carries: docs/operations.md#memory.')
@minValue(1)
@maxValue(8)
param partitionCount int = 4

@description('How long a message waits to be read, in hours.')
@minValue(1)
@maxValue(168)
param eventHubRetentionHours int = 168

@description('Throughput units that each deployment sets, whatever auto-inflate has made of them: raise it before a deployment would take them away.')
@minValue(1)
@maxValue(40)
param throughputUnits int = 1

@description('What auto-inflate may go up to; not above throughputUnits: no auto-inflate.')
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

@description('How long rows are kept in all: 4 to 730 days, or one of 1095, 1460, 1826, 2191, 2556, 2922, 3288, 3653, 4018, 4383.')
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

@description('Move archived blobs of this age to the tier cool, in days; 0: never. Costs more than it saves for blobs under 100 kB (docs/scale.md).')
@minValue(0)
param archiveCoolAfterDays int = 0

@description('The same to the tier cold.')
@minValue(0)
param archiveColdAfterDays int = 0

@description('Delete archived blobs of this age, in days; 0: never.')
@minValue(0)
param archiveDeleteAfterDays int = 0

@description('Redundancy of the storage accounts.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
param storageRedundancy string = 'Standard_ZRS'

@description('Redundancy of the archive, if another; empty: the same.')
@allowed(['', 'Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
param archiveRedundancy string = ''

@description('Encrypt the storage accounts twice. Can only be said when they are made.')
param infrastructureEncryption bool = false

@description('Key of yours that encrypts the archive; left out: one of Microsoft\'s. Event Hubs Standard takes no key of yours.')
param archiveKey customerKey?

@description('Put a lock on the resource group of the archive that refuses deletion until an owner takes it off.')
param archiveDeleteLock bool = false

@description('Give the platform the right to store a package. infra/deploy-package.sh --close takes it away again; False: a deployment that brings no package need not give it back.')
param packageUpload bool = true

@description('Define two custom roles: the app creates in the archive and cannot delete; operators read the settings of the app and restart it. False, for deployers who may not define roles: the app has a built-in role with a condition that forbids deleting, and operators have no right on the app.')
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

@description('Whether the alarms fire.')
param enableAlarms bool = true

@description('How old the oldest pending delivery may become before an alarm, in minutes.')
@minValue(1)
param oldestPendingMinutes int = 60

// The network

@description('Private endpoints for everything the app talks to; nothing of it reachable from public addresses.')
param privateNetworking bool = false

@description('Id of an existing subnet for the app, delegated to Microsoft.App/environments, at least a /27; empty: a virtual network of our own.')
param appSubnetId string = ''

@description('Id of an existing subnet for private endpoints; goes with appSubnetId.')
param endpointSubnetId string = ''

@description('Make private DNS zones and link them to the virtual network.')
param createPrivateDnsZones bool = true

@description('Without zones of our own: ids of yours that get the names of the private endpoints. None, where a policy writes the names.')
param privateDnsZoneIds zoneIds = {}

@description('Id of an existing private link scope of Azure Monitor, which your network reaches already; empty: one of our own.')
param monitorPrivateLinkScopeId string = ''

@description('Of a virtual network of our own: at least a /26.')
param networkAddressPrefix string = '10.90.0.0/26'

@description('Id of a NAT gateway for the webhook; empty: the default way out.')
param natGatewayId string = ''

@description('With private networking: whether the app itself still takes deployments and health checks from public addresses.')
param publicAppAccess bool = true

var abbreviations = loadJsonContent('./abbreviations.json')

// What ARM would refuse in words that help nobody, or would accept to nobody's use.
var letters = 'abcdefghijklmnopqrstuvwxyz0123456789-'
var strangeLetters = filter(map(range(0, length(environmentName)), i => toLower(substring(environmentName, i, 1))), letter => !contains(letters, letter))
var deploymentName = empty(strangeLetters) ? environmentName : fail('environmentName: letters, digits and hyphens alone.')
var addressPrefix = int(last(split(networkAddressPrefix, '/'))) <= 26 ? networkAddressPrefix : fail('networkAddressPrefix: at least a /26.')
var longRetentions = [1095, 1460, 1826, 2191, 2556, 2922, 3288, 3653, 4018, 4383]
var totalRetentionDays = tableTotalRetentionDays <= 730 || contains(longRetentions, tableTotalRetentionDays)
  ? max(tableTotalRetentionDays, tableRetentionDays)
  : fail('tableTotalRetentionDays: 4 to 730, or one of ${join(longRetentions, ', ')}.')
var programSha256 = empty(appProgramSha256) || length(appProgramSha256) == 64 ? toLower(appProgramSha256) : fail('appProgramSha256: 64 hex digits.')
var ownNetwork = empty(appSubnetId) == empty(endpointSubnetId) ? empty(appSubnetId) : fail('appSubnetId and endpointSubnetId: both or none.')

// The same however somebody types the name and the region.
var token = uniqueString(subscription().id, toLower(deploymentName), toLower(replace(location, ' ', '')))
var allTags = union(tags, {
  'azd-env-name': environmentName
})
var mainGroupName = empty(resourceGroupName) ? '${abbreviations.resourceGroup}${deploymentName}' : resourceGroupName
var archiveGroupName = empty(archiveResourceGroupName) ? '${abbreviations.resourceGroup}${deploymentName}-archive' : archiveResourceGroupName
var functionAppName = '${abbreviations.functionApp}${token}'
var ruleName = '${abbreviations.dataCollectionRule}${token}'
var ownWorkspace = empty(workspaceResourceId)
var workspaceIdParts = ownWorkspace || length(split(workspaceResourceId, '/')) == 9 ? split(workspaceResourceId, '/') : fail('workspaceResourceId: /subscriptions/…/resourceGroups/…/providers/Microsoft.OperationalInsights/workspaces/….')
var ownMonitorScope = empty(monitorPrivateLinkScopeId)
var monitorScopeIdParts = ownMonitorScope || length(split(monitorPrivateLinkScopeId, '/')) == 9 ? split(monitorPrivateLinkScopeId, '/') : fail('monitorPrivateLinkScopeId: /subscriptions/…/resourceGroups/…/providers/Microsoft.Insights/privateLinkScopes/….')
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

// The platform's, not the program's: it stores the package and loads it.
module deploymentIdentity 'modules/identity.bicep' = {
  scope: mainGroup
  name: 'deployment-identity'
  params: {
    name: '${abbreviations.managedIdentity}${token}-deploy'
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
    totalRetentionInDays: totalRetentionDays
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
    throughputUnits: throughputUnits
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
    infrastructureEncryption: infrastructureEncryption
    appPrincipalId: identity.outputs.principalId
    operatorsGroupId: operatorsGroupId
    workspaceId: workspaceId
  }
}

module packageStorage 'modules/package-storage.bicep' = {
  scope: mainGroup
  name: 'package-storage'
  params: {
    name: '${abbreviations.packageStorageAccount}${token}'
    location: location
    tags: allTags
    redundancy: storageRedundancy
    privateNetworking: privateNetworking
    infrastructureEncryption: infrastructureEncryption
    deploymentPrincipalId: deploymentIdentity.outputs.principalId
    packageUpload: packageUpload
    workspaceId: workspaceId
  }
}

module archiveRole 'modules/archive-writer-role.bicep' = if (defineArchiveRole) {
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
    redundancy: empty(archiveRedundancy) ? storageRedundancy : archiveRedundancy
    privateNetworking: privateNetworking
    infrastructureEncryption: infrastructureEncryption
    encryptionKey: archiveKey
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

module archiveLock 'modules/delete-lock.bicep' = if (archiveDeleteLock) {
  scope: archiveGroup
  name: 'archive-delete-lock'
  dependsOn: [
    archiveStorage
  ]
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

module network 'modules/network.bicep' = if (privateNetworking && ownNetwork) {
  scope: mainGroup
  name: 'network'
  params: {
    name: '${abbreviations.virtualNetwork}${token}'
    location: location
    tags: allTags
    securityGroupName: '${abbreviations.networkSecurityGroup}${token}'
    addressPrefix: addressPrefix
    natGatewayId: natGatewayId
  }
}

var appSubnet = ownNetwork ? network!.outputs.appSubnetId : appSubnetId
var endpointSubnet = ownNetwork ? network!.outputs.endpointSubnetId : endpointSubnetId

module privateDns 'modules/private-dns.bicep' = if (privateNetworking && createPrivateDnsZones) {
  scope: mainGroup
  name: 'private-dns'
  params: {
    tags: allTags
    networkId: ownNetwork ? network!.outputs.id : first(split(endpointSubnetId, '/subnets/'))!
  }
}

var zonesFor = createPrivateDnsZones ? {
  blob: [privateDns!.outputs.zoneIds.blob]
  queue: [privateDns!.outputs.zoneIds.queue]
  table: [privateDns!.outputs.zoneIds.table]
  eventHub: [privateDns!.outputs.zoneIds.eventHub]
  keyVault: [privateDns!.outputs.zoneIds.keyVault]
  sites: [privateDns!.outputs.zoneIds.sites]
  monitor: privateDns!.outputs.monitorZoneIds
} : {
  blob: filter([privateDnsZoneIds.?blob ?? ''], id => !empty(id))
  queue: filter([privateDnsZoneIds.?queue ?? ''], id => !empty(id))
  table: filter([privateDnsZoneIds.?table ?? ''], id => !empty(id))
  eventHub: filter([privateDnsZoneIds.?eventHub ?? ''], id => !empty(id))
  keyVault: filter([privateDnsZoneIds.?keyVault ?? ''], id => !empty(id))
  sites: filter([privateDnsZoneIds.?sites ?? ''], id => !empty(id))
  monitor: privateDnsZoneIds.?monitor ?? []
}

module monitorScope 'modules/monitor-private-link-scope.bicep' = if (privateNetworking && ownMonitorScope) {
  scope: mainGroup
  name: 'monitor-private-link-scope'
  params: {
    name: '${abbreviations.monitorPrivateLinkScope}${token}'
    tags: allTags
  }
}

module monitorMembers 'modules/monitor-private-link-members.bicep' = if (privateNetworking) {
  scope: resourceGroup(ownMonitorScope ? subscription().subscriptionId : monitorScopeIdParts[2], ownMonitorScope ? mainGroupName : monitorScopeIdParts[4])
  name: 'monitor-private-link-members-${token}'
  params: {
    scopeName: ownMonitorScope ? monitorScope!.outputs.name : last(monitorScopeIdParts)
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
    subnetId: endpointSubnet
    endpoints: concat([
      {
        name: 'event-hub'
        resourceId: eventHub.outputs.namespaceId
        groupId: 'namespace'
        zoneIds: zonesFor.eventHub
      }
      {
        name: 'host-blob'
        resourceId: hostStorage.outputs.id
        groupId: 'blob'
        zoneIds: zonesFor.blob
      }
      {
        name: 'host-queue'
        resourceId: hostStorage.outputs.id
        groupId: 'queue'
        zoneIds: zonesFor.queue
      }
      {
        name: 'host-table'
        resourceId: hostStorage.outputs.id
        groupId: 'table'
        zoneIds: zonesFor.table
      }
      {
        name: 'package-blob'
        resourceId: packageStorage.outputs.id
        groupId: 'blob'
        zoneIds: zonesFor.blob
      }
      {
        name: 'archive-blob'
        resourceId: archiveStorage.outputs.id
        groupId: 'blob'
        zoneIds: zonesFor.blob
      }
      {
        name: 'key-vault'
        resourceId: keyVault.outputs.id
        groupId: 'vault'
        zoneIds: zonesFor.keyVault
      }
    ], ownMonitorScope ? [
      {
        name: 'monitor'
        resourceId: monitorScope!.outputs.id
        groupId: 'azuremonitor'
        zoneIds: zonesFor.monitor
      }
    ] : [])
  }
  dependsOn: [
    monitorMembers
  ]
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
    deploymentIdentityId: deploymentIdentity.outputs.id
    packageContainerUrl: packageStorage.outputs.containerUrl
    nodeVersion: nodeVersion
    instanceMemoryMB: partitionCount > 4 ? 4096 : instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    alwaysReadyInstances: alwaysReadyInstances
    subnetId: privateNetworking ? appSubnet : ''
    publicNetworkAccess: !privateNetworking || publicAppAccess
    entraTenantId: entraTenantId
    includeUserRisk: includeUserRisk
    detectionLanguage: detectionLanguage
    programSha256: programSha256
    eventHubNamespaceHost: eventHub.outputs.namespaceHost
    eventHubName: eventHub.outputs.hubName
    consumerGroupName: eventHub.outputs.consumerGroupName
    hostAccountName: hostStorage.outputs.name
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
    subnetId: endpointSubnet
    endpoints: [
      {
        name: 'app'
        resourceId: app.outputs.id
        groupId: 'sites'
        zoneIds: zonesFor.sites
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
    eventHubRetentionHours: eventHubRetentionHours
    programSha256: programSha256
    deployedAt: deployedAt
    seals: evidence.?seal ?? true
    enabled: enableAlarms
    tableNames: tables.outputs.names
  }
  // What the queries read is there before: Azure runs them when an alarm is made.
  dependsOn: [
    appInsights
    ingestion
  ]
}

module keyAlerts 'modules/key-alerts.bicep' = {
  scope: mainGroup
  name: 'key-alerts'
  params: {
    tags: allTags
    namePrefix: 'risk-export-${token}-'
    actionGroupName: '${abbreviations.actionGroup}${token}'
    resourceGroupIds: [
      mainGroup.id
      archiveGroup.id
    ]
  }
  dependsOn: [
    alerts
  ]
}

module appOperator 'modules/app-operator.bicep' = if (defineArchiveRole && !empty(operatorsGroupId)) {
  scope: mainGroup
  name: 'app-operator'
  params: {
    roleName: 'Entra risk export app operator ${token}'
    functionAppName: app.outputs.name
    operatorsGroupId: operatorsGroupId
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
