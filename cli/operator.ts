import type { Operator } from '../shared/composition/create-operator.ts'
import { type AppSelector, appEnvironment } from './app-environment.ts'
import type { CommandContext } from './command-context.ts'

/** Blobs that are told of, of those that cannot be read. */
const MAX_TOLD = 20

/** The operator for the app that a command's options name. */
export async function operatorFor(which: AppSelector, context: CommandContext): Promise<Operator> {
  const { createOperator } = await import('../shared/composition/create-operator.ts')
  const { env, credential, caPem } = await appEnvironment(which, context)
  const { user, time, newId, stderr } = context
  const told = new Set<string>()
  const onUnreadable = (blob: string, because: string): void => {
    if (told.has(blob) || told.size === MAX_TOLD) return
    told.add(blob)
    stderr.write(`Left out: the archive blob ${blob} ${because}.\n`)
  }
  return createOperator({ env, credential, caPem, user, time, newId, onUnreadable })
}
