import { type ReceiverStep, refuse } from '../http/receiver-step.ts'
import { errorReply, serviceError, tooManyRequests } from './service-error.ts'

/** What the service answers an identity that lacks the role Monitoring Metrics Publisher. */
export function accessDenied(ruleId: string): ReceiverStep {
  const { status, headers, body } = errorReply(
    serviceError(
      403,
      'OperationFailed',
      `The authentication token provided does not have access to ingest data for the data collection rule with immutable Id '${ruleId}'.`,
    ),
  )
  return refuse(status, headers, body)
}

/** What the service answers when a data collection rule has had too much. */
export function throttled(retryAfterSeconds: number): ReceiverStep {
  const { status, headers, body } = tooManyRequests(retryAfterSeconds)
  return refuse(status, headers, body)
}
