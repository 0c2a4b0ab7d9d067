import { lstat, readFile } from 'node:fs/promises'
import type { CredentialKind } from '../shared/composition/operator-credential.ts'
import { type LocalConnection, localConnectionPath } from '../shared/config/local-connection.ts'
import { parseLocalConnection } from '../shared/config/parse-local-connection.ts'
import { parseSettingsFile } from '../shared/config/parse-settings-file.ts'
import type { Environment } from '../shared/config/setting-problems.ts'
import type { CommandContext } from './command-context.ts'
import { utf8Of } from './read-text.ts'
import { CannotRunError, UsageError } from './usage-error.ts'

/** The app a command is about: its settings, and whose rights the command uses. */
export interface AppEnvironment {
  readonly env: Environment
  readonly credential: CredentialKind
  /** PEM of the embedded stack's certificate authority. */
  readonly caPem: string | undefined
}

export interface AppSelector {
  readonly local: boolean
  readonly settings?: string
}

/** Variables of an app's managed identity, which the SDK reads from the process. */
const IDENTITY_VARIABLES = ['IDENTITY_ENDPOINT', 'IDENTITY_HEADER'] as const
const NO_STACK = 'No embedded stack is running on this machine. Start one with `npm start`.'

/** Whose rights a command uses that is told nothing about it. */
export const credentialIn = (env: Environment): CredentialKind =>
  env.IDENTITY_ENDPOINT === undefined ? 'default' : 'managedIdentity'

/** Finds the app: by `--local`, `--settings FILE`, or in the environment. */
export async function appEnvironment(which: AppSelector, context: CommandContext): Promise<AppEnvironment> {
  if (which.local && which.settings !== undefined)
    throw new UsageError('--local and --settings: use one or the other.')
  if (which.local) {
    const { environment } = await localConnection(context)
    context.setVariables(Object.fromEntries(IDENTITY_VARIABLES.map((name) => [name, environment[name]])))
    return { env: environment, credential: 'managedIdentity', caPem: environment.WEBHOOK_CA_PEM }
  }
  const env = which.settings === undefined ? context.env : await settingsFile(which.settings)
  return { env, credential: credentialIn(context.env), caPem: undefined }
}

async function settingsFile(path: string): Promise<Environment> {
  const text = await readFile(path).catch(() => {
    throw new CannotRunError(`Reading the settings ${path}: file not found or not readable.`)
  })
  const values = parseSettingsFile(utf8Of(text).toString('utf8'))
  if (values === undefined)
    throw new CannotRunError(
      `Reading the settings ${path}: expected JSON: local.settings.json, a list of {"name","value"}, or an object of strings.`,
    )
  return values
}

/** @throws CannotRunError if this user runs no stack, or someone else may have written the file */
async function localConnection(context: CommandContext): Promise<LocalConnection> {
  const path = localConnectionPath(context.temporaryFolder, context.userId)
  const found = await lstat(path).catch(() => undefined)
  if (found === undefined) throw new CannotRunError(NO_STACK)
  const isOurs = context.userId === undefined || (found.uid === context.userId && (found.mode & 0o077) === 0)
  if (!found.isFile() || !isOurs)
    throw new CannotRunError(
      `Reading ${path}: the file is accessible to other users. Delete it and start the stack again.`,
    )
  const connection = parseLocalConnection(await readFile(path, 'utf8').catch(() => ''))
  if (connection === undefined || !context.isAlive(connection.pid)) throw new CannotRunError(NO_STACK)
  return connection
}
