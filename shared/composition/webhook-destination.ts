import type { TokenCredential } from '@azure/identity'
import type { WebhookSettings } from '../config/parse-webhooks.ts'
import type { Time } from '../domain/time.ts'
import type { Authentication, Destination, GetToken } from '../sinks/webhook/destination.ts'

/** Claims that request nothing, but bypass the caches of tokens. */
const NO_CLAIMS = '{}'

/** How the credential of a webhook is written in its header. */
const HEADERS = {
  bearer: (token: string) => `Bearer ${token}`,
  'api-key': (token: string) => `ApiKey ${token}`,
  splunk: (token: string) => `Splunk ${token}`,
  basic: (token: string) => `Basic ${Buffer.from(token).toString('base64')}`,
} as const

function byHeader(
  name: string,
  tokens: readonly string[],
  written: (token: string) => string = (token) => token,
): Authentication {
  const [first, ...others] = tokens.map(written)
  return first === undefined ? { by: 'none' } : { by: 'header', name, values: [first, ...others] }
}

const tokenFor =
  (credential: () => Promise<TokenCredential>, scope: string): GetToken =>
  async (isFresh, signal) => {
    const options = { abortSignal: signal, ...(isFresh ? { claims: NO_CLAIMS } : {}) }
    return (await (await credential()).getToken(scope, options))?.token
  }

function authenticationOf(
  { authentication, tokens, tokenHeader = '', tokenScope = '' }: WebhookSettings,
  credential: () => Promise<TokenCredential>,
): Authentication {
  switch (authentication) {
    case 'none':
    case 'signature':
      return { by: 'none' }
    case 'entra':
      return { by: 'entra', getToken: tokenFor(credential, tokenScope) }
    case 'header':
      return byHeader(tokenHeader.toLowerCase(), tokens)
    default:
      return byHeader('authorization', tokens, HEADERS[authentication])
  }
}

/** The destination that settings describe. */
export const webhookDestination = (
  { prefix, ...settings }: WebhookSettings,
  credential: () => Promise<TokenCredential>,
  time: Pick<Time, 'now'>,
): Destination => ({
  ...settings,
  settingsPrefix: prefix,
  authentication: authenticationOf({ prefix, ...settings }, credential),
  nowMs: () => time.now(),
})
