import { DELIVERED, failed } from '../../../../delivery/sink.ts'
import { answerFault } from '../../answer-fault.ts'
import { type Destination, receiverOf } from '../../destination.ts'
import type { WebhookFormat } from '../../webhook-format.ts'
import { cloudEvent } from './cloud-event.ts'

/** Our name for receivers that require senders to identify themselves. */
const ORIGIN = 'entra-risk-export'

/**
 * Client errors that a POST would get too. Others only mean that the receiver does not support
 * OPTIONS.
 */
const TELLING = new Set([401, 403, 404, 407, 410])

/**
 * CloudEvents 1.0 in JSON. The health check is `OPTIONS` on the same URL, the validation
 * request of the CloudEvents webhook specification, which writes no data. A receiver that does not
 * support it (400, 405, 501…) still answers, and is healthy.
 * https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/http-webhook.md
 */
export function cloudEventsFormat(destination: Pick<Destination, 'url' | 'settingsPrefix'>): WebhookFormat {
  const receiver = receiverOf(destination)
  return {
    encoder: cloudEvent,
    headers: { 'webhook-request-origin': ORIGIN },
    probe: { method: 'OPTIONS', url: new URL(destination.url) },
    maxAnswerBytes: 0,
    outcome: (answer) => {
      const fault = answerFault(answer, receiver)
      return fault === undefined ? DELIVERED : failed(fault)
    },
    health: (answer) => {
      const { status } = answer
      const harmless = status === 501 || (status >= 400 && status < 500 && !TELLING.has(status))
      return harmless ? undefined : answerFault(answer, receiver)
    },
  }
}
