import type { SignIn } from '../shared/composition/sign-in.ts'
import type { Environment } from '../shared/config/setting-problems.ts'
import { appEnvironment } from './app-environment.ts'
import type { CommandContext } from './command-context.ts'
import { CannotRunError, UsageError } from './usage-error.ts'

interface Whose {
  readonly local: boolean
  readonly 'device-code': boolean
  readonly settings?: string
}

/** The app's settings, and a person's sign-in to Graph: the app's identity is never used. */
export async function signInFor(
  values: Whose,
  context: CommandContext,
): Promise<{ readonly env: Environment; readonly signIn: SignIn }> {
  if (values['device-code'] && values.local)
    throw new UsageError('--device-code and --local: use one or the other.')
  const { env, credential, caPem } = await appEnvironment(values, context)
  const show = (message: string): void => context.stderr.write(`${message}\n`)
  if (values['device-code']) return { env, signIn: { by: 'deviceCode', show } }
  if (values.local) return { env, signIn: { by: 'localStack', caPem } }
  if (credential === 'managedIdentity')
    throw new CannotRunError(
      'Here is only the identity of the app, which acts for nobody. Run it on your own machine, or with --device-code.',
    )
  return { env, signIn: { by: 'default' } }
}
