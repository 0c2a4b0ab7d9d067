import { DELIVERED, type DeliveryOutcome, failed } from '../../../../delivery/sink.ts'
import { type Fault, recordFault, sinkFault, transientFault } from '../../../../domain/fault.ts'
import type { Answer } from '../../answer.ts'
import { answerFault } from '../../answer-fault.ts'
import type { Receiver } from '../../destination.ts'
import { parseOtlpReply } from './parse-otlp-reply.ts'

function replyFault(
  { status, body, isCutOff }: Answer,
  { host, settingsPrefix }: Receiver,
): Fault | undefined {
  const says = `The OTLP receiver ${host} answered ${status}`
  if (isCutOff) return transientFault('unreachable', `${says}, but its response was cut off.`, { status })
  const reply = parseOtlpReply(body)
  if (reply === undefined)
    return sinkFault(
      'answerUnexpected',
      `${says}, but not as OTLP does. Check that ${settingsPrefix}URL is the receiver's URL for logs, which ends in /v1/logs, and what stands in front of it.`,
      { status },
    )
  return reply.rejected === 0
    ? undefined
    : recordFault(
        'payloadRefused',
        `${says} and that it refused this event. Check the log of the receiver, and its limits.`,
        { status },
      )
}

/**
 * The outcome of a delivery. A receiver that refuses some events says how many, not which: the
 * fault is that of the batch, which is sent again in ever smaller parts until those it refuses stand
 * alone. What it had accepted comes twice, with the same event id.
 * https://opentelemetry.io/docs/specs/otlp/#partial-success
 */
export function otlpOutcome(answer: Answer, receiver: Receiver): DeliveryOutcome {
  const fault = answerFault(answer, receiver) ?? replyFault(answer, receiver)
  return fault === undefined ? DELIVERED : failed(fault)
}
