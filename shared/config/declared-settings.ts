import * as z from 'zod'
import { DETECTION_LANGUAGES } from '../domain/catalogue-entry.ts'
import { GRAPH_SETTINGS } from './graph-settings.ts'
import {
  categories,
  certificates,
  consumerGroup,
  eventHubName,
  eventHubsConnection,
  flag,
  guid,
  hostName,
  hosts,
  httpsUrl,
  insightsConnection,
  proxyUrl,
  schedule,
  serviceUrl,
  signingSecret,
  splunkIndex,
  storageConnection,
  token,
  wholeNumber,
} from './setting-forms.ts'

/**
 * The single declaration of all app settings: form, default, meaning, example. Validation,
 * docs/settings.md, `local.settings.sample.json` and the check of `infra/` derive from it.
 * `platform: true` marks settings that the Functions runtime itself reads.
 */
export const DECLARED_SETTINGS = z.object({
  ENTRA_TENANT_ID: guid
    .transform((v) => v.toLowerCase())
    .meta({
      description: 'Tenant whose risk is exported; used for records that do not name a tenant.',
      example: '11111111-2222-4333-8444-555555555555',
    }),
  INCLUDE_USER_RISK: flag.default(false).meta({
    description: 'Also export `RiskyUsers` and `UserRiskEvents`. They hold personal data.',
    example: 'false',
  }),
  DETECTION_LANGUAGE: z.enum(DETECTION_LANGUAGES).default('en').meta({
    description: 'Language of `DetectionName`: `en`, `ja` or `zh-Hans`.',
    example: 'en',
  }),
  EVENT_HUB_NAME: eventHubName.meta({
    description: 'The hub that the Entra diagnostic setting writes to.',
    example: 'entra-risk',
  }),
  EVENT_HUB_CONSUMER_GROUP: consumerGroup.default('$Default').meta({
    description: 'Consumer group used by this app only.',
    example: 'risk-export',
  }),
  EventHub: eventHubsConnection.optional().meta({
    description: 'Connection string of the Event Hubs namespace; only for the embedded stack.',
    example: 'Endpoint=sb://localhost;UseDevelopmentEmulator=true;…',
    secret: true,
  }),
  EventHub__fullyQualifiedNamespace: hostName.optional().meta({
    description: 'Host name of the Event Hubs namespace, for access by managed identity.',
    example: 'evhns-risk.servicebus.windows.net',
  }),
  EventHub__credential: z.literal('managedidentity').optional().meta({
    description: 'How the Functions runtime authenticates to Event Hubs.',
    example: 'managedidentity',
    platform: true,
  }),
  EventHub__clientId: guid.optional().meta({
    description: 'Client id of the user-assigned identity, for the Functions runtime.',
    example: '00000000-0000-4000-8000-000000000000',
    platform: true,
  }),
  AzureWebJobsStorage: storageConnection('Blob', 'Queue', 'Table').optional().meta({
    description:
      'Connection string of the host storage account (checkpoints, outbox, settled ranges); only for the embedded stack.',
    example: 'UseDevelopmentStorage=true',
    secret: true,
  }),
  AzureWebJobsStorage__blobServiceUri: serviceUrl.optional().meta({
    description: 'Blob endpoint of the host storage account: checkpoints.',
    example: 'https://sthost.blob.core.windows.net',
  }),
  AzureWebJobsStorage__queueServiceUri: serviceUrl.optional().meta({
    description: 'Queue endpoint of the host storage account: the outbox wake-up.',
    example: 'https://sthost.queue.core.windows.net',
  }),
  AzureWebJobsStorage__tableServiceUri: serviceUrl.optional().meta({
    description: 'Table endpoint of the host storage account: outbox and settled ranges.',
    example: 'https://sthost.table.core.windows.net',
  }),
  AzureWebJobsStorage__credential: z.literal('managedidentity').optional().meta({
    description: 'How the Functions runtime authenticates to the host storage account.',
    example: 'managedidentity',
    platform: true,
  }),
  AzureWebJobsStorage__clientId: guid.optional().meta({
    description: 'Client id of the user-assigned identity, for the Functions runtime.',
    example: '00000000-0000-4000-8000-000000000000',
    platform: true,
  }),
  ARCHIVE_BLOB_SERVICE_URI: serviceUrl.optional().meta({
    description: 'Blob endpoint of the archive storage account; not the host account.',
    example: 'https://starchive.blob.core.windows.net',
  }),
  ARCHIVE_CONNECTION_STRING: storageConnection('Blob').optional().meta({
    description: 'Connection string of the archive account; only for the embedded stack.',
    example: 'UseDevelopmentStorage=true',
    secret: true,
  }),
  AZURE_CLIENT_ID: guid.optional().meta({
    description: 'Client id of the user-assigned identity that the app itself uses.',
    example: '00000000-0000-4000-8000-000000000000',
  }),
  LOGS_INGESTION_ENDPOINT: serviceUrl.optional().meta({
    description:
      'Logs ingestion endpoint of the data collection rule. If set, the sink `log-analytics` is on.',
    example: 'https://dcr-risk-x1y2.westeurope-1.ingest.monitor.azure.com',
  }),
  LOGS_INGESTION_RULE_ID: z
    .string()
    .regex(/^dcr-[0-9a-f]{32}$/, 'expected dcr- and 32 hex digits (immutableId of the data collection rule)')
    .optional()
    .meta({ description: 'Immutable id of the data collection rule.', example: `dcr-${'0'.repeat(32)}` }),
  LOGS_INGESTION_CATEGORIES: categories.default([]).meta({
    description: 'Categories for Log Analytics, separated by commas; empty: all. Heartbeats are always sent.',
    example: '',
  }),
  WEBHOOK_URL: httpsUrl.optional().meta({
    description: 'URL of the SIEM webhook receiver. If set, the sink `webhook` is on.',
    example: 'https://siem.example/hooks/entra',
  }),
  WEBHOOK_FORMAT: z.enum(['cloudevents', 'splunk-hec']).default('cloudevents').meta({
    description: 'Body of a delivery: `cloudevents` (JSON batch) or `splunk-hec`.',
    example: 'cloudevents',
  }),
  WEBHOOK_SECRET: signingSecret.optional().meta({
    description: 'Signing secret of the Standard Webhooks scheme.',
    example: 'whsec_…',
    secret: true,
  }),
  WEBHOOK_SECRET_NEXT: signingSecret.optional().meta({
    description: 'Second live secret during rotation: deliveries are signed with both.',
    example: 'whsec_…',
    secret: true,
  }),
  WEBHOOK_TOKEN: token.optional().meta({
    description: 'Token of the Splunk HTTP Event Collector; required for `splunk-hec`.',
    example: '00000000-0000-4000-8000-000000000000',
    secret: true,
  }),
  WEBHOOK_SPLUNK_INDEX: splunkIndex.optional().meta({
    description: 'Index for `splunk-hec`; default: the index of the token.',
    example: 'entra_risk',
  }),
  WEBHOOK_CATEGORIES: categories.default([]).meta({
    description: 'Categories for the webhook, separated by commas; empty: all. Heartbeats are always sent.',
    example: '',
  }),
  WEBHOOK_ALLOWED_HOSTS: hosts.default([]).meta({
    description:
      'Allowed host names of the receiver, separated by commas; required behind a proxy. Empty: the host of `WEBHOOK_URL`.',
    example: 'siem.example',
  }),
  WEBHOOK_ALLOW_PRIVATE_ADDRESSES: flag.default(false).meta({
    description: 'Allow private, loopback and link-local addresses.',
    example: 'false',
  }),
  WEBHOOK_CA_PEM: certificates.optional().meta({
    description: 'Certificate authority of the receiver, PEM, in addition to the public ones.',
    example: '-----BEGIN CERTIFICATE-----…',
  }),
  WEBHOOK_MAX_EVENTS: wholeNumber(1, 5000).default(500).meta({
    description: 'Maximum number of events in one webhook request.',
    example: '500',
  }),
  WEBHOOK_MAX_BYTES: wholeNumber(65_536, 10_000_000).default(1_000_000).meta({
    description: 'Maximum size of one webhook request body, in bytes before compression.',
    example: '1000000',
  }),
  WEBHOOK_PROXY_URL: proxyUrl.optional().meta({
    description: 'Proxy for webhook requests.',
    example: 'http://proxy.internal:3128',
  }),
  DELIVERY_TIMEOUT_MS: wholeNumber(100, 10_000).default(1000).meta({
    description: 'How long ingest waits for one sink before its events are pending, in milliseconds.',
    example: '1000',
  }),
  REDELIVERY_BUDGET_MS: wholeNumber(1000, 120_000).default(20_000).meta({
    description: 'Maximum duration of one redelivery run, in milliseconds.',
    example: '20000',
  }),
  REDELIVERY_MAX_BACKOFF_SECONDS: wholeNumber(1, 3600).default(300).meta({
    description: 'Longest wait between redelivery runs, in seconds.',
    example: '300',
  }),
  DELIVERY_MAX_AGE_HOURS: wholeNumber(1, 2160).default(72).meta({
    description: 'How long an event may be pending before it becomes a dead letter, in hours.',
    example: '72',
  }),
  SWEEP_SCHEDULE: schedule.default('0 * * * * *').meta({
    description: 'When to look for pending deliveries without a lease (NCRONTAB, UTC).',
    example: '0 * * * * *',
  }),
  HEARTBEAT_SCHEDULE: schedule.default('0 */5 * * * *').meta({
    description: 'When to send a heartbeat (NCRONTAB, UTC).',
    example: '0 */5 * * * *',
  }),
  ...GRAPH_SETTINGS,
  APPLICATIONINSIGHTS_CONNECTION_STRING: insightsConnection.optional().meta({
    description: 'Connection string of Application Insights. If set, telemetry is exported.',
    example: 'InstrumentationKey=…;IngestionEndpoint=…',
  }),
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: z
    .string()
    .regex(/(^|;)Authorization=AAD(;|$)/i, 'expected Authorization=AAD, and ClientId=GUID beside it')
    .optional()
    .meta({
      description: 'Authentication to Application Insights by managed identity.',
      example: 'ClientId=…;Authorization=AAD',
      platform: true,
    }),
})

export type DeclaredSettings = z.infer<typeof DECLARED_SETTINGS>
