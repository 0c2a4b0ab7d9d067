import * as z from 'zod/mini'
import { DETECTION_LANGUAGES } from '../domain/catalogue-entry.ts'
import { EVIDENCE_SETTINGS } from './evidence-settings.ts'
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
  insightsAuthentication,
  insightsConnection,
  lowerCaseGuid,
  oneOf,
  proxyUrl,
  ruleId,
  schedule,
  serviceUrl,
  signingSecret,
  splunkIndex,
  storageConnection,
  token,
  wholeNumber,
} from './setting-forms.ts'
import { SETTING_NOTES } from './setting-notes.ts'

/**
 * The single declaration of all app settings: form, default, meaning, example. Validation,
 * docs/settings.md, `local.settings.sample.json` and the check of `infra/` derive from it.
 */
export const DECLARED_SETTINGS = z.object({
  ENTRA_TENANT_ID: lowerCaseGuid.register(SETTING_NOTES, {
    description: 'Tenant whose risk is exported; used for records that do not name a tenant.',
    example: '11111111-2222-4333-8444-555555555555',
  }),
  INCLUDE_USER_RISK: z._default(flag, false).register(SETTING_NOTES, {
    description: 'Also export `RiskyUsers` and `UserRiskEvents`. They hold personal data.',
    example: 'false',
  }),
  DETECTION_LANGUAGE: z._default(oneOf(...DETECTION_LANGUAGES), 'en').register(SETTING_NOTES, {
    description: 'Language of `DetectionName`: `en`, `ja` or `zh-Hans`.',
    example: 'en',
  }),
  EVENT_HUB_NAME: eventHubName.register(SETTING_NOTES, {
    description: 'The hub that the Entra diagnostic setting writes to.',
    example: 'entra-risk',
  }),
  EVENT_HUB_CONSUMER_GROUP: z._default(consumerGroup, '$Default').register(SETTING_NOTES, {
    description: 'Consumer group used by this app only.',
    example: 'risk-export',
  }),
  EventHub: z.optional(eventHubsConnection).register(SETTING_NOTES, {
    description: 'Connection string of the Event Hubs namespace; only for the embedded stack.',
    example: 'Endpoint=sb://localhost;UseDevelopmentEmulator=true;…',
    secret: true,
  }),
  EventHub__fullyQualifiedNamespace: z.optional(hostName).register(SETTING_NOTES, {
    description: 'Host name of the Event Hubs namespace, for access by managed identity.',
    example: 'evhns-risk.servicebus.windows.net',
  }),
  EventHub__credential: z.optional(oneOf('managedidentity')).register(SETTING_NOTES, {
    description: 'How the Functions runtime authenticates to Event Hubs.',
    example: 'managedidentity',
    platform: true,
  }),
  EventHub__clientId: z.optional(guid).register(SETTING_NOTES, {
    description: 'Client id of the user-assigned identity, for the Functions runtime.',
    example: '00000000-0000-4000-8000-000000000000',
    platform: true,
  }),
  AzureWebJobsStorage: z.optional(storageConnection('Blob', 'Queue', 'Table')).register(SETTING_NOTES, {
    description:
      'Connection string of the host storage account (checkpoints, outbox, settled ranges); only for the embedded stack.',
    example: 'UseDevelopmentStorage=true',
    secret: true,
  }),
  AzureWebJobsStorage__blobServiceUri: z.optional(serviceUrl).register(SETTING_NOTES, {
    description: 'Blob endpoint of the host storage account: checkpoints.',
    example: 'https://sthost.blob.core.windows.net',
  }),
  AzureWebJobsStorage__queueServiceUri: z.optional(serviceUrl).register(SETTING_NOTES, {
    description: 'Queue endpoint of the host storage account: the outbox wake-up.',
    example: 'https://sthost.queue.core.windows.net',
  }),
  AzureWebJobsStorage__tableServiceUri: z.optional(serviceUrl).register(SETTING_NOTES, {
    description: 'Table endpoint of the host storage account: outbox and settled ranges.',
    example: 'https://sthost.table.core.windows.net',
  }),
  AzureWebJobsStorage__credential: z.optional(oneOf('managedidentity')).register(SETTING_NOTES, {
    description: 'How the Functions runtime authenticates to the host storage account.',
    example: 'managedidentity',
    platform: true,
  }),
  AzureWebJobsStorage__clientId: z.optional(guid).register(SETTING_NOTES, {
    description: 'Client id of the user-assigned identity, for the Functions runtime.',
    example: '00000000-0000-4000-8000-000000000000',
    platform: true,
  }),
  ARCHIVE_BLOB_SERVICE_URI: z.optional(serviceUrl).register(SETTING_NOTES, {
    description: 'Blob endpoint of the archive storage account; not the host account.',
    example: 'https://starchive.blob.core.windows.net',
  }),
  ARCHIVE_CONNECTION_STRING: z.optional(storageConnection('Blob')).register(SETTING_NOTES, {
    description: 'Connection string of the archive account; only for the embedded stack.',
    example: 'UseDevelopmentStorage=true',
    secret: true,
  }),
  AZURE_CLIENT_ID: z.optional(guid).register(SETTING_NOTES, {
    description: 'Client id of the user-assigned identity that the app itself uses.',
    example: '00000000-0000-4000-8000-000000000000',
  }),
  LOGS_INGESTION_ENDPOINT: z.optional(serviceUrl).register(SETTING_NOTES, {
    description:
      'Logs ingestion endpoint of the data collection rule. If set, the sink `log-analytics` is on.',
    example: 'https://dcr-risk-x1y2.westeurope-1.ingest.monitor.azure.com',
  }),
  LOGS_INGESTION_RULE_ID: z.optional(ruleId).register(SETTING_NOTES, {
    description: 'Immutable id of the data collection rule.',
    example: `dcr-${'0'.repeat(32)}`,
  }),
  LOGS_INGESTION_CATEGORIES: z._default(categories, []).register(SETTING_NOTES, {
    description: 'Categories for Log Analytics, separated by commas; empty: all. Heartbeats are always sent.',
    example: '',
  }),
  WEBHOOK_URL: z.optional(httpsUrl).register(SETTING_NOTES, {
    description: 'URL of the SIEM webhook receiver. If set, the sink `webhook` is on.',
    example: 'https://siem.example/hooks/entra',
  }),
  WEBHOOK_FORMAT: z._default(oneOf('cloudevents', 'splunk-hec'), 'cloudevents').register(SETTING_NOTES, {
    description: 'Body of a delivery: `cloudevents` (JSON batch) or `splunk-hec`.',
    example: 'cloudevents',
  }),
  WEBHOOK_SECRET: z.optional(signingSecret).register(SETTING_NOTES, {
    description: 'Signing secret of the Standard Webhooks scheme.',
    example: 'whsec_…',
    secret: true,
  }),
  WEBHOOK_SECRET_NEXT: z.optional(signingSecret).register(SETTING_NOTES, {
    description: 'Second live secret during rotation: deliveries are signed with both.',
    example: 'whsec_…',
    secret: true,
  }),
  WEBHOOK_TOKEN: z.optional(token).register(SETTING_NOTES, {
    description: 'Token of the Splunk HTTP Event Collector; required for `splunk-hec`.',
    example: '00000000-0000-4000-8000-000000000000',
    secret: true,
  }),
  WEBHOOK_SPLUNK_INDEX: z.optional(splunkIndex).register(SETTING_NOTES, {
    description: 'Index for `splunk-hec`; default: the index of the token.',
    example: 'entra_risk',
  }),
  WEBHOOK_CATEGORIES: z._default(categories, []).register(SETTING_NOTES, {
    description: 'Categories for the webhook, separated by commas; empty: all. Heartbeats are always sent.',
    example: '',
  }),
  WEBHOOK_ALLOWED_HOSTS: z._default(hosts, []).register(SETTING_NOTES, {
    description:
      'Allowed host names of the receiver, separated by commas; required behind a proxy. Empty: the host of `WEBHOOK_URL`.',
    example: 'siem.example',
  }),
  WEBHOOK_ALLOW_PRIVATE_ADDRESSES: z._default(flag, false).register(SETTING_NOTES, {
    description: 'Allow private, loopback and link-local addresses.',
    example: 'false',
  }),
  WEBHOOK_CA_PEM: z.optional(certificates).register(SETTING_NOTES, {
    description: 'Certificate authority of the receiver, PEM, in addition to the public ones.',
    example: '-----BEGIN CERTIFICATE-----…',
  }),
  WEBHOOK_MAX_EVENTS: z._default(wholeNumber(1, 5000), 500).register(SETTING_NOTES, {
    description: 'Maximum number of events in one webhook request.',
    example: '500',
  }),
  WEBHOOK_MAX_BYTES: z._default(wholeNumber(65_536, 10_000_000), 1_000_000).register(SETTING_NOTES, {
    description: 'Maximum size of one webhook request body, in bytes before compression.',
    example: '1000000',
  }),
  WEBHOOK_PROXY_URL: z.optional(proxyUrl).register(SETTING_NOTES, {
    description: 'Proxy for webhook requests.',
    example: 'http://proxy.internal:3128',
  }),
  DELIVERY_TIMEOUT_MS: z._default(wholeNumber(100, 10_000), 1000).register(SETTING_NOTES, {
    description: 'How long ingest waits for one sink before its events are pending, in milliseconds.',
    example: '1000',
  }),
  REDELIVERY_BUDGET_MS: z._default(wholeNumber(1000, 120_000), 20_000).register(SETTING_NOTES, {
    description: 'Maximum duration of one redelivery run, in milliseconds.',
    example: '20000',
  }),
  REDELIVERY_MAX_BACKOFF_SECONDS: z._default(wholeNumber(1, 3600), 300).register(SETTING_NOTES, {
    description: 'Longest wait between redelivery runs, in seconds.',
    example: '300',
  }),
  DELIVERY_MAX_AGE_HOURS: z._default(wholeNumber(1, 2160), 72).register(SETTING_NOTES, {
    description: 'How long an event may be pending before it becomes a dead letter, in hours.',
    example: '72',
  }),
  SWEEP_SCHEDULE: z._default(schedule, '0 * * * * *').register(SETTING_NOTES, {
    description: 'When to look for pending deliveries without a lease (NCRONTAB, UTC).',
    example: '0 * * * * *',
  }),
  HEARTBEAT_SCHEDULE: z._default(schedule, '0 */5 * * * *').register(SETTING_NOTES, {
    description: 'When to send a heartbeat (NCRONTAB, UTC).',
    example: '0 */5 * * * *',
  }),
  ...EVIDENCE_SETTINGS,
  ...GRAPH_SETTINGS,
  APPLICATIONINSIGHTS_CONNECTION_STRING: z.optional(insightsConnection).register(SETTING_NOTES, {
    description: 'Connection string of Application Insights. If set, telemetry is exported.',
    example: 'InstrumentationKey=…;IngestionEndpoint=…',
  }),
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: z.optional(insightsAuthentication).register(SETTING_NOTES, {
    description: 'Authentication to Application Insights by managed identity.',
    example: 'ClientId=…;Authorization=AAD',
    platform: true,
  }),
})

export type DeclaredSettings = z.infer<typeof DECLARED_SETTINGS>
