import type { Operator } from '../shared/composition/create-operator.ts'
import { appEnvironment, type WhichApp } from './app-environment.ts'
import type { Surroundings } from './surroundings.ts'

/** The operator for the app that a command's options name. */
export async function operatorFor(which: WhichApp, around: Surroundings): Promise<Operator> {
  const { createOperator } = await import('../shared/composition/create-operator.ts')
  const { env, credential } = await appEnvironment(which, around)
  const { user, time, newId } = around
  return createOperator({ env, credential, user, time, newId })
}
