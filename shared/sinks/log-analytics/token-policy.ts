import { bearerTokenAuthenticationPolicy, type Pipeline } from '@azure/core-rest-pipeline'
import type { AccessToken, TokenCredential } from '@azure/identity'
import { beginningOfBody } from '../http/beginning-of-body.ts'

/**
 * Claims that request nothing. Any claims bypass the token caches of credential and pipeline; there
 * is no other way to force a new token.
 */
const NO_CLAIMS = '{}'
const CHALLENGE = 'www-authenticate'
const AUTHORIZATION = 'authorization'

const bearerOf = (token: AccessToken | null): string | undefined =>
  token === null ? undefined : `Bearer ${token.token}`

/**
 * Authenticates a pipeline's requests. A token can be revoked hours before it expires, so after a
 * 401 a request is repeated once with a new token: one new token for all requests that showed the
 * same old one. Claims of a challenge (continuous access evaluation) are passed on.
 */
export function showTokens(pipeline: Pipeline, credential: TokenCredential, scope: string): void {
  pipeline.removePolicy({ name: 'bearerTokenAuthenticationPolicy' })
  const bearer = bearerTokenAuthenticationPolicy({
    credential,
    scopes: scope,
    challengeCallbacks: {
      async authorizeRequestOnChallenge({ request, scopes, getAccessToken }) {
        const shown = request.headers.get(AUTHORIZATION)
        try {
          let authorization = bearerOf(await getAccessToken(scopes, {}))
          if (authorization === shown)
            authorization = bearerOf(await getAccessToken(scopes, { claims: NO_CLAIMS }))
          if (authorization === undefined) return false
          request.headers.set(AUTHORIZATION, authorization)
          return true
        } catch {
          // The 401 stands, and its fault says what to check.
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
        // Read in any case: an unread body would keep its connection open.
        response.bodyAsText = (await beginningOfBody(response.readableStreamBody)).bytes.toString()
        // The SDK's policy reacts only to an answer that carries a challenge.
        if (!response.headers.has(CHALLENGE)) response.headers.set(CHALLENGE, 'Bearer')
        return response
      },
    },
    { afterPolicies: [bearer.name] },
  )
}
