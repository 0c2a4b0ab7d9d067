import { readFile } from 'node:fs/promises'
import { isCertificates } from '../../shared/config/certificates.ts'
import { DECLARED_SETTINGS } from '../../shared/config/declared-settings.ts'
import { parseSettingsFile } from '../../shared/config/parse-settings-file.ts'
import type { Environment } from '../../shared/config/setting-problems.ts'
import { type StartOptions, UsageError } from './start-options.ts'

/** Command-line overrides of the stack's own settings. */
export interface OwnSettings {
  readonly settings: Readonly<Record<string, string>>
  /** Names in the file that the stack ignores: it sets them itself, or they are not settings. */
  readonly ignored: readonly string[]
  /** PEM certificates of the operator's own receiver. */
  readonly caPem: string | undefined
}

/** Settings that say where something is or who accesses it; the stack has its own. */
const CONNECTIONS = /^(EventHub|EVENT_HUB_(?!OUT_)|AzureWebJobsStorage|ARCHIVE_|AZURE_|APPLICATIONINSIGHTS_)/
const MORE_CONNECTIONS = [
  'LOGS_INGESTION_ENDPOINT',
  'LOGS_INGESTION_RULE_ID',
  'WEBHOOK_URL',
  'WEBHOOK_CA_PEM',
  'EVIDENCE_LOG',
  'EVIDENCE_KEY_VAULT_URI',
  'EVIDENCE_KEY_NAME',
  'EVIDENCE_LOCAL_KEY',
]
/** The emulated receiver is reached directly. */
const WAYS_TO_WEBHOOK = ['WEBHOOK_ALLOWED_HOSTS', 'WEBHOOK_PROXY_URL', 'WEBHOOK_ALLOW_PRIVATE_ADDRESSES']

/** Settings of named destinations: their receivers are the operator's own. */
const ofNamed = (name: string): boolean =>
  Object.keys(DECLARED_SETTINGS).some((declared) => {
    const setting = declared.replace(/^WEBHOOK_/, '')
    return setting !== declared && new RegExp(`^WEBHOOK_[A-Z][A-Z0-9]*_${setting}$`).test(name)
  })

const isTaken = (name: string, isOwnWebhook: boolean): boolean =>
  isTakenOfStack(name, isOwnWebhook) || (!Object.hasOwn(DECLARED_SETTINGS, name) && ofNamed(name))

const isTakenOfStack = (name: string, isOwnWebhook: boolean): boolean =>
  Object.hasOwn(DECLARED_SETTINGS, name) &&
  !CONNECTIONS.test(name) &&
  !MORE_CONNECTIONS.includes(name) &&
  (isOwnWebhook || !WAYS_TO_WEBHOOK.includes(name))

/** Keeps a file's settings about behaviour, and drops those about connections. */
export function ownSettings(file: Environment, webhook?: string, caPem?: string): OwnSettings {
  const given = Object.entries(file).filter((entry): entry is [string, string] => Boolean(entry[1]))
  const taken = given.filter(([name]) => isTaken(name, webhook !== undefined))
  return {
    settings: { ...Object.fromEntries(taken), ...(webhook === undefined ? {} : { WEBHOOK_URL: webhook }) },
    ignored: given.map(([name]) => name).filter((name) => !isTaken(name, webhook !== undefined)),
    caPem,
  }
}

const readText = (option: string, path: string): Promise<string> =>
  readFile(path, 'utf8').catch(() => {
    throw new UsageError(`--${option}: the file ${path} was not found or is not readable.`)
  })

/** @throws UsageError for a file that cannot be read or holds anything else */
export async function readOwnSettings({ settings, webhook, ca }: StartOptions): Promise<OwnSettings> {
  const file = settings === undefined ? {} : parseSettingsFile(await readText('settings', settings))
  if (file === undefined)
    throw new UsageError(
      `--settings: ${settings} holds no settings. Expected JSON: local.settings.json, a list of {"name","value"}, or an object of strings.`,
    )
  const caPem = ca === undefined ? undefined : await readText('ca', ca)
  if (caPem !== undefined && !isCertificates(caPem))
    throw new UsageError(`--ca: ${ca} does not hold complete PEM certificates.`)
  return ownSettings(file, webhook, caPem)
}
