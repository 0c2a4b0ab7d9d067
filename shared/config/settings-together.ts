import { isIP } from 'node:net'
import { USER_CATEGORIES } from '../domain/category.ts'
import { isForbiddenAddress } from '../domain/forbidden-address.ts'
import { entityPath } from './connection-string.ts'
import type { DeclaredSettings } from './declared-settings.ts'

/** The settings that are valid on their own; invalid or unset ones are absent. */
export type ValidSettings = { readonly [name in keyof DeclaredSettings]?: DeclaredSettings[name] | undefined }

/** A rule about several settings. Invalid settings are skipped: they are reported already. */
interface Rule {
  readonly of: readonly (keyof DeclaredSettings)[]
  readonly holds: (s: ValidSettings) => boolean
  readonly problem: string
}

const bareHost = (host: string): string => host.toLowerCase().replace(/^\[|\]$/g, '')
const hostOf = (url: string): string => bareHost(new URL(url).hostname)

const isSwitchedOff = ({ INCLUDE_USER_RISK }: ValidSettings, names: readonly string[] = []): boolean =>
  INCLUDE_USER_RISK !== true && names.some((name) => USER_CATEGORIES.some((user) => user === name))

const needsUrl = (name: keyof DeclaredSettings): Rule => ({
  of: [name, 'WEBHOOK_URL'],
  holds: (s) => s[name] === undefined || s.WEBHOOK_URL !== undefined,
  problem: `${name} is set, but WEBHOOK_URL is not`,
})

const needsUserRisk = (name: 'LOGS_INGESTION_CATEGORIES' | 'WEBHOOK_CATEGORIES'): Rule => ({
  of: [name, 'INCLUDE_USER_RISK'],
  holds: (s) => !isSwitchedOff(s, s[name]),
  problem: `${name} names a category about users, but INCLUDE_USER_RISK is not true: no such events would be exported`,
})

const RULES: readonly Rule[] = [
  {
    of: ['EventHub', 'EventHub__fullyQualifiedNamespace'],
    holds: (s) => s.EventHub !== undefined || s.EventHub__fullyQualifiedNamespace !== undefined,
    problem: 'EventHub__fullyQualifiedNamespace is not set (or EventHub, for the embedded stack)',
  },
  {
    of: ['EventHub', 'EVENT_HUB_NAME'],
    holds: ({ EventHub = '', EVENT_HUB_NAME = '' }) =>
      (entityPath(EventHub) ?? EVENT_HUB_NAME).toLowerCase() === EVENT_HUB_NAME.toLowerCase(),
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
  needsUserRisk('LOGS_INGESTION_CATEGORIES'),
  needsUserRisk('WEBHOOK_CATEGORIES'),
  needsUrl('WEBHOOK_SECRET'),
  needsUrl('WEBHOOK_SECRET_NEXT'),
  needsUrl('WEBHOOK_TOKEN'),
  {
    of: ['WEBHOOK_URL', 'WEBHOOK_SECRET'],
    holds: (s) => s.WEBHOOK_URL === undefined || s.WEBHOOK_SECRET !== undefined,
    problem: 'WEBHOOK_SECRET is not set, but WEBHOOK_URL is',
  },
  {
    of: ['WEBHOOK_FORMAT', 'WEBHOOK_TOKEN'],
    holds: (s) => s.WEBHOOK_FORMAT !== 'splunk-hec' || s.WEBHOOK_TOKEN !== undefined,
    problem: 'WEBHOOK_TOKEN is not set, but WEBHOOK_FORMAT is splunk-hec',
  },
  {
    of: ['WEBHOOK_PROXY_URL', 'WEBHOOK_ALLOWED_HOSTS'],
    holds: (s) => s.WEBHOOK_PROXY_URL === undefined || (s.WEBHOOK_ALLOWED_HOSTS ?? []).length > 0,
    problem:
      'WEBHOOK_ALLOWED_HOSTS is empty, but WEBHOOK_PROXY_URL is set: behind a proxy the allowed hosts must be listed',
  },
  {
    of: ['WEBHOOK_URL', 'WEBHOOK_ALLOWED_HOSTS'],
    holds: ({ WEBHOOK_URL, WEBHOOK_ALLOWED_HOSTS: hosts = [] }) =>
      WEBHOOK_URL === undefined ||
      hosts.length === 0 ||
      hosts.some((host) => bareHost(host) === hostOf(WEBHOOK_URL)),
    problem: 'WEBHOOK_ALLOWED_HOSTS does not name the host of WEBHOOK_URL',
  },
  {
    of: ['WEBHOOK_URL', 'WEBHOOK_ALLOW_PRIVATE_ADDRESSES'],
    holds: ({ WEBHOOK_URL, WEBHOOK_ALLOW_PRIVATE_ADDRESSES: allowed }) =>
      WEBHOOK_URL === undefined ||
      allowed === true ||
      isIP(hostOf(WEBHOOK_URL)) === 0 ||
      !isForbiddenAddress(hostOf(WEBHOOK_URL)),
    problem:
      'WEBHOOK_URL has a private, loopback or reserved address, which is not allowed: set WEBHOOK_ALLOW_PRIVATE_ADDRESSES to true if it is intended',
  },
]

/** Violated rules. @param broken settings that are invalid on their own */
export const problemsTogether = (s: ValidSettings, broken: ReadonlySet<string>): readonly string[] =>
  RULES.filter((rule) => !rule.of.some((name) => broken.has(name)) && !rule.holds(s)).map(
    ({ problem }) => problem,
  )
