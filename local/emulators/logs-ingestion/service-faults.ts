import { type ReceiverStep, refuse } from '../http/receiver-step.ts'
import { errorReply, serviceError, tooManyRequests } from './service-error.ts'

/** The service's answer to an identity without the role Monitoring Metrics Publisher. */
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

/** The service's answer to a data collection rule over its quota. */
export function throttled(retryAfterSeconds: number): ReceiverStep {
  const { status, headers, body } = tooManyRequests(retryAfterSeconds)
  return refuse(status, headers, body)
}
