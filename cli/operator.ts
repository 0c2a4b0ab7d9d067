import type { Operator } from '../shared/composition/create-operator.ts'
import { appEnvironment, type WhichApp } from './app-environment.ts'
import type { Surroundings } from './surroundings.ts'

/** What a command works with, by the app that its options name. */
export async function operatorFor(which: WhichApp, around: Surroundings): Promise<Operator> {
  const { createOperator } = await import('../shared/composition/create-operator.ts')
  const { env, credential } = await appEnvironment(which, around)
  const { user, time, newId } = around
  return createOperator({ env, credential, user, time, newId })
}
