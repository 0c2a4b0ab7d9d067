import { webhookDestination } from '../../shared/composition/webhook-destination.ts'
import { readWebhook } from '../../shared/config/parse-webhooks.ts'
import { PLAIN_WEBHOOK } from '../../shared/config/webhook-settings.ts'
import type { ManagedIdentity } from '../emulators/managed-identity/managed-identity.ts'
import type { SiemReceiverOptions } from '../emulators/siem/receiver-options.ts'

/** Only its header is asked for here, not a token. */
const noCredential = (): Promise<never> => Promise.reject(new Error('the receiver asks for no token'))

/**
 * What the emulated receiver is to expect of the destination `webhook`: format, token and headers;
 * instead of a token of Entra ID, one of the emulated identity.
 * @param settings of the app; where they are wrong, the app says so, and sends nothing
 */
export function emulatedWebhook(
  settings: Readonly<Record<string, string>>,
  nowMs: () => number,
  identity: Pick<ManagedIdentity, 'isValid'>,
): Pick<SiemReceiverOptions, 'format' | 'token' | 'headers' | 'isValidToken'> {
  const webhook = readWebhook(PLAIN_WEBHOOK, settings, true)
  if (webhook.problems !== undefined) return { format: 'cloudevents' }
  const { format, tokens, tokenScope = '', headers } = webhook
  const [token] = tokens
  const { authentication } = webhookDestination(webhook, noCredential, { now: nowMs })
  return {
    format,
    headers:
      authentication.by === 'header'
        ? { ...headers, [authentication.name]: authentication.values[0] }
        : headers,
    ...(token === undefined ? {} : { token }),
    ...(authentication.by === 'entra'
      ? { isValidToken: (given) => identity.isValid(given, tokenScope.replace(/\/\.default$/, '')) }
      : {}),
  }
}
