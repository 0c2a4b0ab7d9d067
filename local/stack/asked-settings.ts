import { readFile } from 'node:fs/promises'
import { parseSettingsFile } from '../../shared/config/parse-settings-file.ts'
import { type StartOptions, UsageError } from './start-options.ts'

type Settings = Readonly<Record<string, string>>

/** Settings by which a sink delivers to a receiver that is not of the stack. */
const ADDRESSES = { 'log-analytics': 'LOGS_INGESTION_ENDPOINT', webhook: 'WEBHOOK_URL' } as const

export const isOwnReceiver = (sink: keyof typeof ADDRESSES, settings: Settings): boolean =>
  settings[ADDRESSES[sink]] === undefined

async function contentOf(option: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch {
    throw new UsageError(`--${option}: the file ${path} is not found, or cannot be read.`)
  }
}

async function settingsIn(path: string | undefined): Promise<Settings> {
  if (path === undefined) return {}
  const settings = parseSettingsFile(await contentOf('settings', path))
  if (settings === undefined)
    throw new UsageError(
      `--settings: ${path} holds no settings. See local.settings.sample.json for the form.`,
    )
  return Object.fromEntries(
    Object.entries(settings).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}

/**
 * App settings that the command line asks for over the stack's own.
 * @throws UsageError for a file that cannot be read, and for settings that `--once` could not verify
 */
export async function askedSettings({
  once,
  settingsFile,
  webhookUrl,
  caFile,
}: StartOptions): Promise<Settings> {
  const settings = await settingsIn(settingsFile)
  const caPem = caFile === undefined ? '' : await contentOf('ca', caFile)
  const asked = {
    ...settings,
    ...(webhookUrl === undefined ? {} : { WEBHOOK_URL: webhookUrl, WEBHOOK_CA_PEM: caPem }),
  }
  if (once && !(isOwnReceiver('webhook', asked) && isOwnReceiver('log-analytics', asked)))
    throw new UsageError(
      '--settings: --once verifies what the receivers of the stack hold, and these settings name others.',
    )
  return asked
}
