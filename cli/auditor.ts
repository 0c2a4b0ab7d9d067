import type { Auditor } from '../shared/composition/create-auditor.ts'
import type { Actor } from '../shared/delivery/dead-letters/action.ts'
import type { AuditRange } from '../shared/operations/auditor/unique-lines.ts'
import { appEnvironment, credentialIn } from './app-environment.ts'
import type { CommandContext } from './command-context.ts'
import { type CopySelector, copyFor } from './evidence-copy.ts'
import { type Progress, progressOn, soFar } from './text/progress.ts'

/** The auditor for the copy or the app that a command's options name. */
export async function auditorFor(which: CopySelector, context: CommandContext): Promise<Auditor> {
  const { auditorOfCopy, createAuditor } = await import('../shared/composition/create-auditor.ts')
  const { user, time } = context
  if (which.dir !== undefined || which.account !== undefined)
    return auditorOfCopy(await copyFor(which, context), () => readerOfCopy(which, context))
  const { env, credential } = await appEnvironment(which, context)
  return createAuditor({ env, credential, user, time })
}

async function readerOfCopy({ account }: CopySelector, { env, user, time }: CommandContext): Promise<Actor> {
  if (account === undefined) return { user, credential: 'none, a downloaded copy' }
  const [{ signedInActor }, { credentialOf }] = await Promise.all([
    import('../shared/composition/current-actor.ts'),
    import('../shared/composition/operator-credential.ts'),
  ])
  return signedInActor(user, credentialOf(credentialIn(env), undefined), time)
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
