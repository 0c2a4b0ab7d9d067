import type { Operator } from '../shared/composition/create-operator.ts'
import { type AppSelector, appEnvironment } from './app-environment.ts'
import type { CommandContext } from './command-context.ts'

/** The operator for the app that a command's options name. */
export async function operatorFor(which: AppSelector, context: CommandContext): Promise<Operator> {
  const { createOperator } = await import('../shared/composition/create-operator.ts')
  const { env, credential, caPem } = await appEnvironment(which, context)
  const { user, time, newId } = context
  return createOperator({ env, credential, caPem, user, time, newId })
}
