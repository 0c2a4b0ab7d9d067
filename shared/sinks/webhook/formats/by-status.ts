import { DELIVERED, failed } from '../../../delivery/sink.ts'
import { answerFault } from '../answer-fault.ts'
import { type Destination, receiverOf } from '../destination.ts'
import type { WebhookFormat } from '../webhook-format.ts'

/**
 * Client errors that a POST would get too. Others only mean that the receiver does not support
 * the method of the health check.
 */
const TELLING = new Set([401, 403, 404, 407, 410])

/**
 * How receivers answer that have no protocol of their own: by HTTP status alone. The health check
 * is `OPTIONS` on the same URL, which writes no data; a receiver that does not support it (400,
 * 405, 501…) still answers, and is healthy.
 */
export function byStatus(
  destination: Pick<Destination, 'url' | 'settingsPrefix'>,
): Omit<WebhookFormat, 'encoder' | 'headers'> {
  const receiver = receiverOf(destination)
  return {
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
