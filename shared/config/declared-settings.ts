import * as z from 'zod/mini'
import { DETECTION_LANGUAGES } from '../domain/catalogue-entry.ts'
import { EVENT_HUB_OUT_SETTINGS } from './event-hub-out-settings.ts'
import { EVIDENCE_SETTINGS } from './evidence-settings.ts'
import { GRAPH_SETTINGS } from './graph-settings.ts'
import {
  categories,
  consumerGroup,
  destinations,
  eventHubName,
  eventHubsConnection,
  flag,
  guid,
  hostName,
  insightsAuthentication,
  insightsConnection,
  lowerCaseGuid,
  oneOf,
  ruleId,
  schedule,
  serviceUrl,
  sha256,
  storageConnection,
  wholeNumber,
} from './setting-forms.ts'
import { SETTING_NOTES } from './setting-notes.ts'
import { PLAIN_WEBHOOK, WEBHOOK_SETTINGS } from './webhook-settings.ts'

/** The settings of the app as a whole: one that is wrong stops it. */
export const APP_SETTINGS = z.object({
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
  PROGRAM_SHA256: z.optional(sha256).register(SETTING_NOTES, {
    description:
      'SHA-256 of the program that is deployed (`risk-export-….files` of the release). If set, `risk-export status` says whether it is the one that runs.',
    example: '0'.repeat(64),
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
  ...EVENT_HUB_OUT_SETTINGS,
  WEBHOOKS: z._default(destinations, []).register(SETTING_NOTES, {
    description:
      'Names of further webhook destinations, separated by commas. Each has the settings `WEBHOOK_…` under its own name: for `soc`, `WEBHOOK_SOC_URL` and so on.',
    example: 'soc,lake',
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

const ofPlainWebhook = Object.entries<z.ZodMiniType>(WEBHOOK_SETTINGS.shape).map(
  ([name, schema]) => [PLAIN_WEBHOOK.prefix + name, schema] as const,
)

/**
 * The single declaration of all app settings: form, default, meaning, example. Validation,
 * docs/settings.md, `local.settings.sample.json` and the check of `infra/` derive from it.
 */
export const DECLARED_SETTINGS: Readonly<Record<string, z.ZodMiniType>> = Object.fromEntries(
  Object.entries<z.ZodMiniType>(APP_SETTINGS.shape).flatMap((setting) =>
    setting[0] === 'WEBHOOKS' ? [setting, ...ofPlainWebhook] : [setting],
  ),
)

export type DeclaredSettings = z.infer<typeof APP_SETTINGS>
