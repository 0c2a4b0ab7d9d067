import type { Auditor } from '../shared/composition/create-auditor.ts'
import type { AuditRange } from '../shared/operations/auditor/unique-lines.ts'
import { type AppSelector, appEnvironment } from './app-environment.ts'
import type { CommandContext } from './command-context.ts'
import { type Progress, progressOn, soFar } from './text/progress.ts'

/** The auditor for the app that a command's options name. */
export async function auditorFor(which: AppSelector, context: CommandContext): Promise<Auditor> {
  const { createAuditor } = await import('../shared/composition/create-auditor.ts')
  const { env, credential } = await appEnvironment(which, context)
  const { user, time } = context
  return createAuditor({ env, credential, user, time })
}

/** Progress while archive blobs of a range are read. */
export async function blobProgress(
  auditor: Auditor,
  range: AuditRange,
  context: CommandContext,
): Promise<Pick<Progress, 'done'> & { readonly onBlob: (blobs: number) => void }> {
  const progress = progressOn(context.stderr)
  const total = progress.isShown ? await auditor.countBlobs(range) : undefined
  return {
    onBlob: (blobs) => progress.show(`read ${soFar(blobs, total, 'archive blobs')}`),
    done: () => progress.done(),
  }
}
