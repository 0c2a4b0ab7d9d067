metadata description = 'The app on Flex Consumption. Every setting it writes is one that the program declares in shared/config/declared-settings.ts.'

import {eventHubOutOptions, evidenceOptions, graphOptions, namedWebhook, tuning, webhookOptions} from './types.bicep'

@minLength(2)
@maxLength(60)
param name string

@minLength(1)
@maxLength(40)
param planName string
param location string
param tags object

@description('Tags of the app alone: what azd finds it by, and the version and hash of the package that belongs here.')
param appTags object

param identityId string
param identityClientId string

@description('Identity by which the platform stores and loads the package. The program uses the other one.')
param deploymentIdentityId string
param packageContainerUrl string

@allowed(['22', '24'])
param nodeVersion string

@allowed([2048, 4096])
param instanceMemoryMB int

@minValue(40)
@maxValue(1000)
param maximumInstanceCount int

@description('Instances of ingest that are always on; 0: none, the first message after a pause waits for a cold start.')
@minValue(0)
@maxValue(10)
param alwaysReadyInstances int

@description('Subnet of the app; empty: no private network.')
param subnetId string

@description('Whether the app can be reached, and deployed to, from public addresses.')
param publicNetworkAccess bool

param entraTenantId string
param includeUserRisk bool
param detectionLanguage string

@description('SHA-256 of the program that is deployed; empty: nothing is compared with it.')
param programSha256 string
param eventHubNamespaceHost string
param eventHubName string
param consumerGroupName string
param hostAccountName string
param hostBlobEndpoint string
param hostQueueEndpoint string
param hostTableEndpoint string
param archiveBlobEndpoint string
param logsIngestionEndpoint string
param logsIngestionRuleId string
param logsIngestionCategories string
param appInsightsConnectionString string
param vaultUri string

@description('Receiver of the SIEM webhook; empty: no webhook.')
param webhookUrl string
param webhook webhookOptions

@description('Further destinations.')
param webhooks namedWebhook[]

@description('A hub that the events are sent to.')
param eventHubOut eventHubOutOptions

param tune tuning
param graph graphOptions
param evidence evidenceOptions

@description('Retention of the hub.')
param eventHubRetentionHours int

@description('Key of the vault that signs the log of the archive.')
param signingKeyName string

// An empty value means the same to the program as none.
var settings = {
  ENTRA_TENANT_ID: entraTenantId
  INCLUDE_USER_RISK: includeUserRisk ? 'true' : 'false'
  DETECTION_LANGUAGE: detectionLanguage
  PROGRAM_SHA256: programSha256
  EVENT_HUB_NAME: eventHubName
  EVENT_HUB_CONSUMER_GROUP: consumerGroupName
  EventHub__fullyQualifiedNamespace: eventHubNamespaceHost
  EventHub__credential: 'managedidentity'
  EventHub__clientId: identityClientId
  // Beside the addresses: with them alone the host can fail while it starts (azure-functions-host#11787). The program reads the addresses.
  AzureWebJobsStorage__accountName: hostAccountName
  AzureWebJobsStorage__blobServiceUri: hostBlobEndpoint
  AzureWebJobsStorage__queueServiceUri: hostQueueEndpoint
  AzureWebJobsStorage__tableServiceUri: hostTableEndpoint
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identityClientId
  ARCHIVE_BLOB_SERVICE_URI: archiveBlobEndpoint
  AZURE_CLIENT_ID: identityClientId
  LOGS_INGESTION_ENDPOINT: logsIngestionEndpoint
  LOGS_INGESTION_RULE_ID: logsIngestionRuleId
  LOGS_INGESTION_CATEGORIES: logsIngestionCategories
  EVENT_HUB_OUT_NAME: eventHubOut.?name ?? ''
  EVENT_HUB_OUT_NAMESPACE: eventHubOut.?namespaceHost ?? ''
  EVENT_HUB_OUT_CONNECTION_STRING: (eventHubOut.?connectionString ?? false) ? '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/event-hub-out)' : ''
  EVENT_HUB_OUT_FORMAT: eventHubOut.?format ?? 'cloudevents'
  EVENT_HUB_OUT_CATEGORIES: eventHubOut.?categories ?? ''
  EVENT_HUB_OUT_MIN_LEVEL: eventHubOut.?minLevel ?? ''
  EVENT_HUB_OUT_IDENTITY_TYPES: eventHubOut.?identityTypes ?? ''
  EVENT_HUB_OUT_REDACT: eventHubOut.?redact ?? ''
  EVENT_HUB_OUT_REDACT_KEY: contains(eventHubOut.?redact ?? '', ':hash') ? '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/event-hub-out-redact-key)' : ''
  WEBHOOKS: join(map(webhooks, named => named.name), ',')
  DELIVERY_TIMEOUT_MS: string(tune.?deliveryTimeoutMs ?? 1000)
  REDELIVERY_BUDGET_MS: string(tune.?redeliveryBudgetMs ?? 20000)
  REDELIVERY_MAX_BACKOFF_SECONDS: string(tune.?redeliveryMaxBackoffSeconds ?? 300)
  DELIVERY_MAX_AGE_HOURS: string(tune.?deliveryMaxAgeHours ?? 72)
  SWEEP_SCHEDULE: tune.?sweepSchedule ?? '0 * * * * *'
  HEARTBEAT_SCHEDULE: tune.?heartbeatSchedule ?? '0 */5 * * * *'
  EVIDENCE_SEAL: (evidence.?seal ?? true) ? 'true' : 'false'
  EVIDENCE_SEAL_SCHEDULE: evidence.?schedule ?? '30 */15 * * * *'
  EVIDENCE_LOG: 'evidence'
  EVIDENCE_SETTLE_SECONDS: string(evidence.?settleSeconds ?? 60)
  // Rounded up, and two days for blobs that are written late.
  EVIDENCE_LOOK_BACK_DAYS: string((eventHubRetentionHours + 23) / 24 + 2)
  EVIDENCE_KEY_VAULT_URI: vaultUri
  EVIDENCE_KEY_NAME: signingKeyName
  TIMESTAMP_AUTHORITY_URL: evidence.?timestampAuthorityUrl ?? ''
  GRAPH_RECONCILE: (graph.?reconcile ?? false) ? 'true' : 'false'
  GRAPH_RECONCILE_SCHEDULE: graph.?schedule ?? '0 17 * * * *'
  GRAPH_RECONCILE_HOURS: string(graph.?hours ?? 72)
  GRAPH_RECONCILE_GRACE_MINUTES: string(graph.?graceMinutes ?? 60)
  GRAPH_CONTEXT: (graph.?context ?? false) ? 'true' : 'false'
  GRAPH_CONTEXTS_PER_HOUR: string(graph.?contextsPerHour ?? 600)
  GRAPH_INCLUDE_AGENTS: (graph.?includeAgents ?? false) ? 'true' : 'false'
  RESOURCE_MANAGER_ENDPOINT: environment().resourceManager
  GRAPH_ENDPOINT: graph.?endpoint ?? 'https://graph.microsoft.com'
  APPLICATIONINSIGHTS_CONNECTION_STRING: appInsightsConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
}

// The plain destination and those with names, each with what the names of its settings and secrets begin with.
var plainWebhook = union(webhook, {
  prefix: 'WEBHOOK_'
  secrets: '${vaultUri}secrets/webhook'
  url: webhookUrl
})
var destinations = concat(empty(webhookUrl) ? [] : [plainWebhook], map(webhooks, named => union(named.?options ?? {}, {
  prefix: 'WEBHOOK_${toUpper(named.name)}_'
  secrets: '${vaultUri}secrets/webhook-${named.name}'
  url: named.url
})))

// As in shared/domain/webhook-formats.ts.
var usualAuth = {
  cloudevents: 'signature'
  'elastic-bulk': 'api-key'
  json: 'signature'
  secops: 'header'
  'splunk-hec': 'splunk'
  cef: 'bearer'
  otlp: 'bearer'
  ocsf: 'signature'
}
var tokenAuth = ['bearer', 'api-key', 'header', 'splunk', 'basic']
var authenticated = map(destinations, receiver => union(receiver, {
  shows: receiver.?auth ?? usualAuth[receiver.?format ?? 'cloudevents']
}))

// References without a version: a rotated secret is taken up within a day, or at the next restart. What a destination does not use is
// no reference: one that is not resolved would stop that destination.
var webhookSettings = map(authenticated, receiver => {
  '${receiver.prefix}URL': receiver.url
  '${receiver.prefix}FORMAT': receiver.?format ?? 'cloudevents'
  '${receiver.prefix}FRAMING': receiver.?framing ?? ''
  '${receiver.prefix}CONTENT_TYPE': receiver.?contentType ?? ''
  '${receiver.prefix}GZIP': (receiver.?gzip ?? true) ? 'true' : 'false'
  '${receiver.prefix}AUTH': receiver.?auth ?? ''
  '${receiver.prefix}SECRET': receiver.shows == 'signature' ? '@Microsoft.KeyVault(SecretUri=${receiver.secrets}-secret)' : ''
  '${receiver.prefix}SECRET_NEXT': receiver.shows == 'signature' && (receiver.?rotating ?? false) ? '@Microsoft.KeyVault(SecretUri=${receiver.secrets}-secret-next)' : ''
  '${receiver.prefix}TOKEN': contains(tokenAuth, receiver.shows) ? '@Microsoft.KeyVault(SecretUri=${receiver.secrets}-token)' : ''
  '${receiver.prefix}TOKEN_NEXT': contains(tokenAuth, receiver.shows) && (receiver.?rotating ?? false) ? '@Microsoft.KeyVault(SecretUri=${receiver.secrets}-token-next)' : ''
  '${receiver.prefix}TOKEN_HEADER': receiver.?tokenHeader ?? ''
  '${receiver.prefix}TOKEN_SCOPE': receiver.?tokenScope ?? ''
  '${receiver.prefix}HEADERS': (receiver.?headers ?? false) ? '@Microsoft.KeyVault(SecretUri=${receiver.secrets}-headers)' : ''
  '${receiver.prefix}CLIENT_PEM': (receiver.?clientCertificate ?? false) ? '@Microsoft.KeyVault(SecretUri=${receiver.secrets}-client-pem)' : ''
  '${receiver.prefix}SPLUNK_INDEX': receiver.?splunkIndex ?? ''
  '${receiver.prefix}SPLUNK_TIME': receiver.?splunkTime ?? 'arrival'
  '${receiver.prefix}ELASTIC_NAMESPACE': receiver.?elasticNamespace ?? 'default'
  '${receiver.prefix}CATEGORIES': receiver.?categories ?? ''
  '${receiver.prefix}MIN_LEVEL': receiver.?minLevel ?? ''
  '${receiver.prefix}IDENTITY_TYPES': receiver.?identityTypes ?? ''
  '${receiver.prefix}REDACT': receiver.?redact ?? ''
  '${receiver.prefix}REDACT_KEY': contains(receiver.?redact ?? '', ':hash') ? '@Microsoft.KeyVault(SecretUri=${receiver.secrets}-redact-key)' : ''
  '${receiver.prefix}ALLOWED_HOSTS': receiver.?allowedHosts ?? ''
  '${receiver.prefix}ALLOW_PRIVATE_ADDRESSES': (receiver.?allowPrivateAddresses ?? false) ? 'true' : 'false'
  '${receiver.prefix}CA_PEM': receiver.?caPem ?? ''
  '${receiver.prefix}MAX_EVENTS': string(receiver.?maxEvents ?? 500)
  '${receiver.prefix}MAX_BYTES': string(receiver.?maxBytes ?? 1000000)
  '${receiver.prefix}PROXY_URL': receiver.?proxyUrl ?? ''
})

resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
  }
}

resource app 'Microsoft.Web/sites@2024-04-01' = {
  name: name
  location: location
  tags: union(tags, appTags)
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
      '${deploymentIdentityId}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    clientAffinityEnabled: false
    keyVaultReferenceIdentity: identityId
    publicNetworkAccess: publicNetworkAccess ? 'Enabled' : 'Disabled'
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: packageContainerUrl
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: deploymentIdentityId
          }
        }
      }
      runtime: {
        name: 'node'
        version: nodeVersion
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
        alwaysReady: alwaysReadyInstances == 0 ? [] : [
          {
            name: 'function:ingest'
            instanceCount: alwaysReadyInstances
          }
        ]
      }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      ftpsState: 'Disabled'
      http20Enabled: true
    }
  }
}

resource appSettings 'Microsoft.Web/sites/config@2024-04-01' = {
  parent: app
  name: 'appsettings'
  properties: reduce(webhookSettings, settings, (all, one) => union(all, one))
}

resource ftpPublishing 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01' = {
  parent: app
  name: 'ftp'
  properties: {
    allow: false
  }
}

resource scmPublishing 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01' = {
  parent: app
  name: 'scm'
  properties: {
    allow: false
  }
}

output id string = app.id
output name string = app.name
output hostName string = app.properties.defaultHostName
