import { mayReachHub, namespaceHost } from './connection-string.ts'
import type { DeclaredSettings } from './declared-settings.ts'
import { namesUsers, usersNotIncluded } from './user-filters.ts'

/** The settings that are valid on their own; invalid or unset ones are absent. */
export type ValidSettings = { readonly [name in keyof DeclaredSettings]?: DeclaredSettings[name] | undefined }

/** A rule about several settings. Invalid settings are skipped: they are reported already. */
interface Rule {
  readonly of: readonly (keyof DeclaredSettings)[]
  readonly holds: (s: ValidSettings) => boolean
  readonly problem: string
}

const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase()

/** Host name of the namespace: a connection string comes first; empty if there is neither. */
const hostIn = (connectionString: string | undefined, namespace = ''): string =>
  connectionString === undefined ? namespace : namespaceHost(connectionString)

const RULES: readonly Rule[] = [
  {
    of: ['EventHub', 'EventHub__fullyQualifiedNamespace'],
    holds: (s) => s.EventHub !== undefined || s.EventHub__fullyQualifiedNamespace !== undefined,
    problem: 'EventHub__fullyQualifiedNamespace is not set (or EventHub, for the embedded stack)',
  },
  {
    of: ['EventHub', 'EVENT_HUB_NAME'],
    holds: ({ EventHub = '', EVENT_HUB_NAME = '' }) => mayReachHub(EventHub, EVENT_HUB_NAME),
    problem: 'EntityPath in EventHub names a different hub than EVENT_HUB_NAME',
  },
  {
    of: [
      'AzureWebJobsStorage',
      'AzureWebJobsStorage__blobServiceUri',
      'AzureWebJobsStorage__queueServiceUri',
      'AzureWebJobsStorage__tableServiceUri',
    ],
    holds: (s) =>
      s.AzureWebJobsStorage !== undefined ||
      (s.AzureWebJobsStorage__blobServiceUri !== undefined &&
        s.AzureWebJobsStorage__queueServiceUri !== undefined &&
        s.AzureWebJobsStorage__tableServiceUri !== undefined),
    problem:
      'AzureWebJobsStorage__blobServiceUri, __queueServiceUri and __tableServiceUri are not all set (or AzureWebJobsStorage, for the embedded stack)',
  },
  {
    of: ['ARCHIVE_CONNECTION_STRING', 'ARCHIVE_BLOB_SERVICE_URI'],
    holds: (s) => s.ARCHIVE_CONNECTION_STRING !== undefined || s.ARCHIVE_BLOB_SERVICE_URI !== undefined,
    problem: 'ARCHIVE_BLOB_SERVICE_URI is not set (or ARCHIVE_CONNECTION_STRING, for the embedded stack)',
  },
  {
    of: ['EVIDENCE_KEY_VAULT_URI', 'EVIDENCE_LOCAL_KEY'],
    holds: (s) => s.EVIDENCE_KEY_VAULT_URI === undefined || s.EVIDENCE_LOCAL_KEY === undefined,
    problem: 'EVIDENCE_KEY_VAULT_URI and EVIDENCE_LOCAL_KEY are both set: only one key can sign',
  },
  {
    of: ['LOGS_INGESTION_ENDPOINT', 'LOGS_INGESTION_RULE_ID'],
    holds: (s) => (s.LOGS_INGESTION_ENDPOINT === undefined) === (s.LOGS_INGESTION_RULE_ID === undefined),
    problem: 'LOGS_INGESTION_ENDPOINT and LOGS_INGESTION_RULE_ID: set both, or neither',
  },
  {
    of: ['EVENT_HUB_OUT_NAME', 'EVENT_HUB_OUT_NAMESPACE', 'EVENT_HUB_OUT_CONNECTION_STRING'],
    holds: (s) =>
      (s.EVENT_HUB_OUT_NAME !== undefined) ===
      ((s.EVENT_HUB_OUT_NAMESPACE ?? s.EVENT_HUB_OUT_CONNECTION_STRING) !== undefined),
    problem:
      'EVENT_HUB_OUT_NAME and EVENT_HUB_OUT_NAMESPACE (or EVENT_HUB_OUT_CONNECTION_STRING): set both, or neither',
  },
  {
    of: [
      'EventHub',
      'EventHub__fullyQualifiedNamespace',
      'EVENT_HUB_NAME',
      'EVENT_HUB_OUT_NAME',
      'EVENT_HUB_OUT_NAMESPACE',
      'EVENT_HUB_OUT_CONNECTION_STRING',
    ],
    holds: (s) => {
      const host = hostIn(s.EVENT_HUB_OUT_CONNECTION_STRING, s.EVENT_HUB_OUT_NAMESPACE)
      return (
        host === '' ||
        !isSame(host, hostIn(s.EventHub, s.EventHub__fullyQualifiedNamespace)) ||
        !isSame(s.EVENT_HUB_OUT_NAME ?? '', s.EVENT_HUB_NAME ?? '')
      )
    },
    problem: 'EVENT_HUB_OUT_NAME names the hub that is read: events would come back as records, without end',
  },
  ...(
    [
      ['LOGS_INGESTION_CATEGORIES', 'CATEGORIES'],
      ['EVENT_HUB_OUT_CATEGORIES', 'CATEGORIES'],
      ['EVENT_HUB_OUT_IDENTITY_TYPES', 'IDENTITY_TYPES'],
    ] as const
  ).map(
    ([setting, filter]): Rule => ({
      of: [setting, 'INCLUDE_USER_RISK'],
      holds: (s) => s.INCLUDE_USER_RISK === true || !namesUsers(filter, s[setting]),
      problem: usersNotIncluded(filter, setting),
    }),
  ),
]

/** Violated rules. @param broken settings that are invalid on their own */
export const problemsTogether = (s: ValidSettings, broken: ReadonlySet<string>): readonly string[] =>
  RULES.filter((rule) => !rule.of.some((name) => broken.has(name)) && !rule.holds(s)).map(
    ({ problem }) => problem,
  )
