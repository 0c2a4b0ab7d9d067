import * as z from 'zod/mini'
import type { DetectionLanguage } from '../domain/catalogue-entry.ts'
import { type TenantId, tenantId } from '../domain/identifiers.ts'
import { ConfigError } from './config-error.ts'
import { DECLARED_SETTINGS, type DeclaredSettings } from './declared-settings.ts'
import { type EvidenceSettings, evidenceSettings } from './evidence-settings.ts'
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

export interface WebhookSettings {
  readonly url: string
  readonly format: 'cloudevents' | 'splunk-hec'
  /** One, or two during rotation; the current one first. */
  readonly secrets: readonly [string, ...string[]]
  readonly token: string | undefined
  readonly splunkIndex: string | undefined
  readonly categories: readonly string[]
  readonly allowedHosts: readonly string[]
  readonly allowPrivateAddresses: boolean
  readonly caPem: string | undefined
  readonly maxEvents: number
  readonly maxBytes: number
  readonly proxyUrl: string | undefined
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
  readonly webhook: WebhookSettings | undefined
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

/** Raw values from the environment. */
export type Environment = Readonly<Record<string, string | undefined>>

/** An empty app setting counts as unset: portals and templates unset one this way. */
const present = (env: Environment): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '',
    ),
  )

const webhookSettings = (s: DeclaredSettings): WebhookSettings | undefined =>
  s.WEBHOOK_URL === undefined || s.WEBHOOK_SECRET === undefined
    ? undefined
    : {
        url: s.WEBHOOK_URL,
        format: s.WEBHOOK_FORMAT,
        secrets: [s.WEBHOOK_SECRET, ...(s.WEBHOOK_SECRET_NEXT === undefined ? [] : [s.WEBHOOK_SECRET_NEXT])],
        token: s.WEBHOOK_TOKEN,
        splunkIndex: s.WEBHOOK_SPLUNK_INDEX,
        categories: s.WEBHOOK_CATEGORIES,
        allowedHosts:
          s.WEBHOOK_ALLOWED_HOSTS.length > 0 ? s.WEBHOOK_ALLOWED_HOSTS : [new URL(s.WEBHOOK_URL).hostname],
        allowPrivateAddresses: s.WEBHOOK_ALLOW_PRIVATE_ADDRESSES,
        caPem: s.WEBHOOK_CA_PEM,
        maxEvents: s.WEBHOOK_MAX_EVENTS,
        maxBytes: s.WEBHOOK_MAX_BYTES,
        proxyUrl: s.WEBHOOK_PROXY_URL,
      }

const narrowed = (s: DeclaredSettings): AppSettings => ({
  tenantId: tenantId(s.ENTRA_TENANT_ID),
  includeUserRisk: s.INCLUDE_USER_RISK,
  language: s.DETECTION_LANGUAGE,
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
  webhook: webhookSettings(s),
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
  evidence: evidenceSettings(s),
  schedules: {
    sweep: s.SWEEP_SCHEDULE,
    heartbeat: s.HEARTBEAT_SCHEDULE,
    reconcile: s.GRAPH_RECONCILE_SCHEDULE,
    seal: s.EVIDENCE_SEAL_SCHEDULE,
  },
  telemetryConnectionString: s.APPLICATIONINSIGHTS_CONNECTION_STRING,
})

/**
 * Whether this is a reference to Key Vault or App Configuration. The platform replaces it by the
 * value; the app gets the reference only if that failed.
 */
export const isReference = (value: string | undefined): boolean =>
  /^@Microsoft\.(?:KeyVault|AppConfiguration)\(/i.test(value ?? '')

/** Problems of single settings, by name. */
function problemsOfEach(
  values: Readonly<Record<string, string>>,
  issues: readonly z.core.$ZodIssue[],
): ReadonlyMap<string, string> {
  const problems = new Map<string, string>()
  for (const { path, message } of issues) {
    const name = path.join('.')
    if (problems.has(name)) continue
    problems.set(name, values[name] === undefined ? `${name} is not set` : `${name}: ${message}`)
  }
  for (const name of Object.keys(DECLARED_SETTINGS.shape).filter((one) => isReference(values[one])))
    problems.set(
      name,
      `${name}: the reference is not resolved: check that the vault has the secret and that the app may read it`,
    )
  return problems
}

/**
 * Parses all settings, or throws one ConfigError that lists every problem and shows no value.
 * @param env the process's environment
 */
export function readSettings(env: Environment): AppSettings {
  const values = present(env)
  const parsed = DECLARED_SETTINGS.safeParse(values)
  const ofEach = problemsOfEach(values, parsed.error?.issues ?? [])
  const valid = Object.fromEntries(Object.entries(values).filter(([name]) => !ofEach.has(name)))
  const together = problemsTogether(z.partial(DECLARED_SETTINGS).parse(valid), new Set(ofEach.keys()))
  const problems = [...ofEach.values(), ...together]
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems)
  return narrowed(parsed.data)
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
