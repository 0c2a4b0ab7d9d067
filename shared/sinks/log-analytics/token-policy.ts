import { bearerTokenAuthenticationPolicy, type Pipeline } from '@azure/core-rest-pipeline'
import type { TokenCredential } from '@azure/identity'
import { beginningOfBody } from './beginning-of-body.ts'

/**
 * Claims that ask for nothing: with them, a credential passes over the tokens that it keeps, and so does the pipeline. There is no other
 * way to ask for a new one.
 */
const NO_CLAIMS = '{}'
const CHALLENGE = 'www-authenticate'

/**
 * Has a pipeline show tokens of a credential, and after a 401 ask for a new one, once, before it is believed: a token can be revoked, and
 * the keys of its issuer changed, hours before its time. Claims of a challenge (continuous access evaluation) are handed on.
 */
export function showTokens(pipeline: Pipeline, credential: TokenCredential, scope: string): void {
  pipeline.removePolicy({ name: 'bearerTokenAuthenticationPolicy' })
  const bearer = bearerTokenAuthenticationPolicy({
    credential,
    scopes: scope,
    challengeCallbacks: {
      async authorizeRequestOnChallenge({ request, scopes, getAccessToken }) {
        try {
          const token = await getAccessToken(scopes, { claims: NO_CLAIMS })
          if (token === null) return false
          request.headers.set('authorization', `Bearer ${token.token}`)
          return true
        } catch {
          // Then the 401 stands, and says what to check.
          return false
        }
      },
    },
  })
  pipeline.addPolicy(bearer)
  pipeline.addPolicy(
    {
      name: 'challengeOf401Policy',
      async sendRequest(request, next) {
        const response = await next(request)
        if (response.status !== 401) return response
        // Read here, whether or not it is the last word: an answer that nobody reads would keep its connection.
        response.bodyAsText = await beginningOfBody(response)
        // Without a challenge of the service's own, the policy before this one would not look at it.
        if (!response.headers.has(CHALLENGE)) response.headers.set(CHALLENGE, 'Bearer')
        return response
      },
    },
    { afterPolicies: [bearer.name] },
  )
}
