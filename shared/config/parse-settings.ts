import * as z from 'zod/mini'
import type { DetectionLanguage } from '../domain/catalogue-entry.ts'
import { type TenantId, tenantId } from '../domain/identifiers.ts'
import { ConfigError } from './config-error.ts'
import { APP_SETTINGS, type DeclaredSettings } from './declared-settings.ts'
import { type EventHubOutSettings, eventHubOutSettings, withoutReferences } from './event-hub-out-settings.ts'
import { type EvidenceSettings, evidenceSettings } from './evidence-settings.ts'
import { type BrokenWebhook, readWebhook, type WebhookSettings, webhookNames } from './parse-webhooks.ts'
import { type Environment, present, readEach } from './setting-problems.ts'
import { problemsTogether } from './settings-together.ts'

/** How to reach a storage account: by connection string (embedded stack) or by managed identity. */
export type StorageAccess<Endpoints> =
  | { readonly by: 'connectionString'; readonly connectionString: string }
  | ({ readonly by: 'identity' } & Endpoints)

export interface LogAnalyticsSettings {
  readonly endpoint: string
  readonly ruleId: string
  readonly categories: readonly string[]
}

export interface GraphSettings {
  readonly endpoint: string
  readonly resourceManagerEndpoint: string
  readonly includeAgents: boolean
  /** Whether the app compares the stream with Graph. */
  readonly reconciles: boolean
  readonly windowMs: number
  readonly graceMs: number
  /** Whether the app reads the context of identities at risk. */
  readonly readsContext: boolean
  /** Most contexts in an hour. */
  readonly contextsPerHour: number
}

export interface AppSettings {
  readonly tenantId: TenantId
  readonly includeUserRisk: boolean
  readonly language: DetectionLanguage
  /** Of the program that is deployed, 64 lower-case hex digits. */
  readonly programSha256: string | undefined
  readonly eventHub: {
    readonly name: string
    readonly consumerGroup: string
    readonly connectionString: string | undefined
    readonly namespace: string | undefined
  }
  /** Tables and queues (outbox, settled ranges, wake-up), and the host's own checkpoints. */
  readonly hostStorage: StorageAccess<{
    readonly blobServiceUri: string
    readonly queueServiceUri: string
    readonly tableServiceUri: string
  }>
  readonly archiveStorage: StorageAccess<{ readonly blobServiceUri: string }>
  readonly identityClientId: string | undefined
  readonly logAnalytics: LogAnalyticsSettings | undefined
  readonly eventHubOut: EventHubOutSettings | undefined
  readonly webhooks: readonly (WebhookSettings | BrokenWebhook)[]
  readonly delivery: {
    readonly deliveryTimeoutMs: number
    readonly redeliveryBudgetMs: number
    readonly maxBackoffMs: number
    readonly maxAgeMs: number
  }
  readonly graph: GraphSettings
  readonly evidence: EvidenceSettings
  /** NCRONTAB, UTC. */
  readonly schedules: {
    readonly sweep: string
    readonly heartbeat: string
    readonly reconcile: string
    readonly seal: string
  }
  readonly telemetryConnectionString: string | undefined
}

const narrowed = (s: DeclaredSettings): Omit<AppSettings, 'webhooks'> => ({
  tenantId: tenantId(s.ENTRA_TENANT_ID),
  includeUserRisk: s.INCLUDE_USER_RISK,
  language: s.DETECTION_LANGUAGE,
  programSha256: s.PROGRAM_SHA256,
  eventHub: {
    name: s.EVENT_HUB_NAME,
    consumerGroup: s.EVENT_HUB_CONSUMER_GROUP,
    connectionString: s.EventHub,
    namespace: s.EventHub__fullyQualifiedNamespace,
  },
  hostStorage:
    s.AzureWebJobsStorage === undefined
      ? {
          by: 'identity',
          blobServiceUri: s.AzureWebJobsStorage__blobServiceUri ?? '',
          queueServiceUri: s.AzureWebJobsStorage__queueServiceUri ?? '',
          tableServiceUri: s.AzureWebJobsStorage__tableServiceUri ?? '',
        }
      : { by: 'connectionString', connectionString: s.AzureWebJobsStorage },
  archiveStorage:
    s.ARCHIVE_CONNECTION_STRING === undefined
      ? { by: 'identity', blobServiceUri: s.ARCHIVE_BLOB_SERVICE_URI ?? '' }
      : { by: 'connectionString', connectionString: s.ARCHIVE_CONNECTION_STRING },
  identityClientId: s.AZURE_CLIENT_ID,
  logAnalytics:
    s.LOGS_INGESTION_ENDPOINT === undefined || s.LOGS_INGESTION_RULE_ID === undefined
      ? undefined
      : {
          endpoint: s.LOGS_INGESTION_ENDPOINT,
          ruleId: s.LOGS_INGESTION_RULE_ID,
          categories: s.LOGS_INGESTION_CATEGORIES,
        },
  delivery: {
    deliveryTimeoutMs: s.DELIVERY_TIMEOUT_MS,
    redeliveryBudgetMs: s.REDELIVERY_BUDGET_MS,
    maxBackoffMs: s.REDELIVERY_MAX_BACKOFF_SECONDS * 1000,
    maxAgeMs: s.DELIVERY_MAX_AGE_HOURS * 3_600_000,
  },
  graph: {
    endpoint: s.GRAPH_ENDPOINT,
    resourceManagerEndpoint: s.RESOURCE_MANAGER_ENDPOINT,
    includeAgents: s.GRAPH_INCLUDE_AGENTS,
    reconciles: s.GRAPH_RECONCILE,
    windowMs: s.GRAPH_RECONCILE_HOURS * 3_600_000,
    graceMs: s.GRAPH_RECONCILE_GRACE_MINUTES * 60_000,
    readsContext: s.GRAPH_CONTEXT,
    contextsPerHour: s.GRAPH_CONTEXTS_PER_HOUR,
  },
  eventHubOut: eventHubOutSettings(s),
  evidence: evidenceSettings(s),
  schedules: {
    sweep: s.SWEEP_SCHEDULE,
    heartbeat: s.HEARTBEAT_SCHEDULE,
    reconcile: s.GRAPH_RECONCILE_SCHEDULE,
    seal: s.EVIDENCE_SEAL_SCHEDULE,
  },
  telemetryConnectionString: s.APPLICATIONINSIGHTS_CONNECTION_STRING,
})

const PARTIAL = z.partial(APP_SETTINGS)

/**
 * Parses all settings, or throws one ConfigError that lists every problem and shows no value. What
 * is wrong with a webhook destination, or a secret of the hub for events that is not resolved, is no
 * such problem: it comes with the destination.
 * @param env the process's environment
 */
export function readSettings(env: Environment): AppSettings {
  const values = withoutReferences(present(env))
  const { valid, problems: ofEach } = readEach<DeclaredSettings>(APP_SETTINGS, PARTIAL, values)
  const { names, problems: ofNames } = webhookNames(valid.WEBHOOKS ?? [], values)
  const problems = [...ofEach.values(), ...problemsTogether(valid, new Set(ofEach.keys())), ...ofNames]
  if (problems.length > 0) throw new ConfigError(problems)
  const settings = narrowed(APP_SETTINGS.parse(values))
  return { ...settings, webhooks: names.map((name) => readWebhook(name, values, settings.includeUserRisk)) }
}

/** The settings that affect how records are read. */
export const sourceOf = ({
  tenantId,
  includeUserRisk,
  language,
}: Pick<AppSettings, 'tenantId' | 'includeUserRisk' | 'language'>) => ({
  tenantId,
  includeUserRisk,
  language,
})
