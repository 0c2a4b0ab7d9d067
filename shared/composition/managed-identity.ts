import type { TokenCredential } from '@azure/identity'
import type { Time } from '../domain/time.ts'

/**
 * The app's own identity in Azure. Token requests have a time limit, since any storage call may
 * have to wait for one.
 *
 * Called with claims, it fetches a new token instead of a cached one. The SDK's credential ignores
 * claims, so MSAL is called directly; the two share one token cache per process.
 */
export async function managedIdentity(
  clientId: string | undefined,
  time: Pick<Time, 'now' | 'limit' | 'monotonicMs'>,
  answerTimeoutMs?: number,
): Promise<TokenCredential> {
  const [
    { CredentialUnavailableError, ManagedIdentityCredential },
    { ManagedIdentityApplication },
    { boundedClient },
    { clampRetryAfter },
    { identityNetwork },
  ] = await Promise.all([
    import('@azure/identity'),
    import('@azure/msal-node'),
    import('../azure/bounded-client.ts'),
    import('./clamp-retry-after.ts'),
    import('./parse-identity-answer.ts'),
  ])
  const httpClient = clampRetryAfter(boundedClient(time, answerTimeoutMs), time)
  const credential = new ManagedIdentityCredential(
    clientId === undefined ? { httpClient } : { clientId, httpClient },
  )
  const library = new ManagedIdentityApplication({
    managedIdentityIdParams: clientId === undefined ? {} : { userAssignedClientId: clientId },
    system: { networkClient: identityNetwork(httpClient), disableInternalRetries: true },
  })
  return {
    async getToken(scopes, { claims, ...options } = {}) {
      if (claims !== undefined) {
        try {
          await library.acquireToken({ resource: [scopes].flat()[0] ?? '', claims })
        } catch (cause) {
          throw new CredentialUnavailableError('No new token could be obtained for the managed identity.', {
            cause,
          })
        }
      }
      return credential.getToken(scopes, options)
    },
  }
}
