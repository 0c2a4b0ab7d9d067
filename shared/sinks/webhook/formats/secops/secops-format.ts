import { failed } from '../../../../delivery/sink.ts'
import { sinkFault } from '../../../../domain/fault.ts'
import { type Destination, receiverOf } from '../../destination.ts'
import type { WebhookFormat } from '../../webhook-format.ts'
import { byStatus } from '../by-status.ts'
import { parseErrorReasons } from './parse-error-reasons.ts'
import { secopsEvent } from './secops-event.ts'

/**
 * A webhook feed of Google SecOps: one JSON object per line; API key and secret are headers.
 * Google answers a wrong or expired API key with 400 and a reason, not with 401.
 * https://cloud.google.com/chronicle/docs/administration/feed-management#webhook
 */
export function secopsFormat(destination: Pick<Destination, 'url' | 'settingsPrefix'>): WebhookFormat {
  const { host, settingsPrefix } = receiverOf(destination)
  const usual = byStatus(destination)
  const refusesCredential: WebhookFormat['refusesCredential'] = ({ status, body }) =>
    status === 400 && parseErrorReasons(body.toString()).includes('API_KEY_INVALID')
  return {
    ...usual,
    encoder: secopsEvent,
    headers: {},
    refusesCredential,
    outcome: (answer, batch) =>
      refusesCredential(answer)
        ? failed(
            sinkFault(
              'unauthorized',
              `Google SecOps at ${host} answered ${answer.status}: it does not accept the API key. Check ${settingsPrefix}TOKEN, and that the key has not expired and may call the Chronicle API.`,
              { status: answer.status },
            ),
          )
        : usual.outcome(answer, batch),
  }
}
