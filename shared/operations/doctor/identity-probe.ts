import type { TokenCredential } from '@azure/identity'
import type { Probe } from './diagnose.ts'
import { parseTokenHolder } from './parse-token-claims.ts'

const STORAGE_SCOPE = 'https://storage.azure.com/.default'

/** Whose rights the command uses: an account's name or id. */
export async function credentialHolder(
  credential: () => Promise<TokenCredential>,
  abortSignal: AbortSignal,
): Promise<string> {
  const token = await (await credential()).getToken(STORAGE_SCOPE, { abortSignal })
  return (token === null ? undefined : parseTokenHolder(token.token)) ?? 'an unnamed identity'
}

/** Whether there is an identity, and whose: all other checks depend on its roles. */
export const identityProbe = (credential: () => Promise<TokenCredential>, isApp: boolean): Probe => ({
  area: 'identity',
  name: 'token',
  run: async (signal) => {
    try {
      const holder = await credentialHolder(credential, signal)
      return { level: 'ok', says: `${isApp ? 'Managed identity' : 'Signed in as'} ${holder}.` }
    } catch (error) {
      return {
        level: 'fail',
        says: `No token (${error instanceof Error ? error.name : 'no reason given'}).`,
        fix: isApp
          ? 'Give the app a managed identity.'
          : 'Sign in with `az login`, or set AZURE_TENANT_ID, AZURE_CLIENT_ID and a credential in the environment.',
      }
    }
  },
})
