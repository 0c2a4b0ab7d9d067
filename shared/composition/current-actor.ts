import type { TokenCredential } from '@azure/identity'
import type { AppSettings } from '../config/parse-settings.ts'
import type { Actor } from '../delivery/dead-letters/action.ts'
import type { Time } from '../domain/time.ts'
import { credentialHolder } from '../operations/doctor/identity-probe.ts'
import { isAllByConnectionString } from './operator-credential.ts'

const TIMEOUT_MS = 10_000

/** Who runs a command, as far as the program can tell: rejects if no token can be had. */
export async function currentActor(
  user: string,
  settings: AppSettings,
  token: () => Promise<TokenCredential>,
  time: Pick<Time, 'limit'>,
): Promise<Actor> {
  if (isAllByConnectionString(settings)) return { user, credential: 'connection string' }
  return signedInActor(user, token, time)
}

/** The same where it is known that tokens are used. */
export async function signedInActor(
  user: string,
  token: () => Promise<TokenCredential>,
  time: Pick<Time, 'limit'>,
): Promise<Actor> {
  const { signal, end } = time.limit(TIMEOUT_MS)
  return { user, credential: await credentialHolder(token, signal).finally(end) }
}
