import type { EvidenceCopy } from '../shared/evidence/verify/evidence-copy.ts'
import { CopyError, folderCopy } from '../shared/evidence/verify/folder-copy.ts'
import { type AppSelector, credentialIn } from './app-environment.ts'
import type { CommandContext } from './command-context.ts'
import { operatorFor } from './operator.ts'
import { CannotRunError, UsageError } from './usage-error.ts'

/** Where archive and log lie. */
export const COPY_OPTIONS = {
  dir: { type: 'string', value: 'DIR', help: 'a downloaded copy, instead of the account in the settings' },
  account: {
    type: 'string',
    value: 'URL',
    help: 'blob endpoint of an archive account: needs no settings, only that you are signed in',
  },
} as const

/** Which archive and log a command is about. */
export interface CopySelector extends AppSelector {
  readonly dir?: string
  readonly account?: string
}

/** The copy that a command's options name: a folder, an account, or the containers of the app. */
export async function copyFor(which: CopySelector, context: CommandContext): Promise<EvidenceCopy> {
  const { dir, account, local, settings } = which
  if (dir === undefined && account === undefined) return (await operatorFor(which, context)).evidence()
  if (dir !== undefined && account !== undefined)
    throw new UsageError('--dir and --account: use one or the other.')
  if (local || settings !== undefined)
    throw new UsageError('--dir and --account need no app: leave out --local and --settings.')
  if (account !== undefined) return copyIn(account, context)
  const copy = await folderCopy(dir ?? '').catch(asCannotRun)
  return { ...copy, read: (name) => copy.read(name).catch(asCannotRun) }
}

async function copyIn(url: string, { env, time }: CommandContext): Promise<EvidenceCopy> {
  const [{ parseArchiveAccount }, { accountCopy }] = await Promise.all([
    import('../shared/config/archive-account.ts'),
    import('../shared/composition/account-copy.ts'),
  ])
  const account = parseArchiveAccount(url, env)
  if ('problem' in account) throw new UsageError(`--account: ${account.problem}.`)
  return accountCopy(account, credentialIn(env), time)
}

function asCannotRun(error: unknown): never {
  if (error instanceof CopyError) throw new CannotRunError(error.message)
  throw error
}
