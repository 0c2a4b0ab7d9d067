import type { EvidenceCopy } from '../shared/evidence/verify/evidence-copy.ts'
import { CopyError, folderCopy } from '../shared/evidence/verify/folder-copy.ts'
import type { AppSelector } from './app-environment.ts'
import type { CommandContext } from './command-context.ts'
import { operatorFor } from './operator.ts'
import { CannotRunError, UsageError } from './usage-error.ts'

/** Where archive and log lie. */
export const COPY_OPTIONS = {
  dir: { type: 'string', value: 'DIR', help: 'a downloaded copy, instead of the account in the settings' },
} as const

/** The copy that a command's options name: a folder, or the containers of the app. */
export async function copyFor(
  which: AppSelector & { readonly dir?: string },
  context: CommandContext,
): Promise<EvidenceCopy> {
  if (which.dir === undefined) return (await operatorFor(which, context)).evidence()
  if (which.local || which.settings !== undefined)
    throw new UsageError('--dir needs no app: leave out --local and --settings.')
  const copy = await folderCopy(which.dir).catch(asCannotRun)
  return { ...copy, read: (name) => copy.read(name).catch(asCannotRun) }
}

function asCannotRun(error: unknown): never {
  if (error instanceof CopyError) throw new CannotRunError(error.message)
  throw error
}
