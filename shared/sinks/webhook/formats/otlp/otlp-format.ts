import { MAX_ANSWER_BYTES } from '../../../http/beginning-of-body.ts'
import { type Destination, receiverOf } from '../../destination.ts'
import type { WebhookFormat } from '../../webhook-format.ts'
import { byStatus } from '../by-status.ts'
import { otlpLog } from './log-record.ts'
import { otlpOutcome } from './otlp-outcome.ts'

/** Logs by OTLP/HTTP in Protocol Buffers. https://opentelemetry.io/docs/specs/otlp/#otlphttp */
export function otlpFormat(destination: Pick<Destination, 'url' | 'settingsPrefix'>): WebhookFormat {
  const receiver = receiverOf(destination)
  return {
    ...byStatus(destination),
    encoder: otlpLog,
    headers: {},
    maxAnswerBytes: MAX_ANSWER_BYTES,
    outcome: (answer) => otlpOutcome(answer, receiver),
  }
}
