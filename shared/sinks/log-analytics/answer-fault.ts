import { type Fault, recordFault, sinkFault, transientFault } from '../../domain/fault.ts'
import { ACCEPTED, type Answer } from './answer.ts'

/**
 * Why an answer means "not taken"; `undefined` where the rows were taken.
 * What only an operator can mend has the scope `sink`: a missing role must not bury a day's events.
 * @param stream to which the rows went, for the message
 */
export function answerFault(answer: Answer, stream: string): Fault | undefined {
  const { status, retryAfterMs, errorCode } = answer
  if (status === ACCEPTED) return undefined
  const detail = { status, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) }
  const says = `Log Analytics answered ${status}${errorCode === undefined ? '' : ` ${errorCode}`} for the stream ${stream}`
  switch (status) {
    case 400:
    case 422:
      // A stream that the rule does not declare is no fault of the rows.
      return errorCode !== undefined && /stream/i.test(errorCode)
        ? sinkFault(
            'notFound',
            `${says}. Check that the data collection rule declares this stream: deploy the infrastructure of this version.`,
            detail,
          )
        : recordFault(
            'payloadRefused',
            `${says}: it does not take this payload. Check the stream's columns in the data collection rule against infra/tables.json.`,
            detail,
          )
    case 413:
      return recordFault(
        'tooLarge',
        `${says}: a request may hold 1 MB, before and after compression.`,
        detail,
      )
    case 401:
      return sinkFault(
        'unauthorized',
        `${says}: the token was refused. Check that the managed identity belongs to the tenant of the data collection rule, and AZURE_CLIENT_ID.`,
        detail,
      )
    case 403:
      return sinkFault(
        'unauthorized',
        `${says}. Check that the app's identity has the role Monitoring Metrics Publisher on the data collection rule itself; a new assignment takes up to 30 minutes. Behind a private link, check that the endpoint belongs to the rule.`,
        detail,
      )
    case 404:
      return sinkFault(
        'notFound',
        `${says}. Check that LOGS_INGESTION_RULE_ID is the immutable id of the data collection rule and LOGS_INGESTION_ENDPOINT its own logs ingestion endpoint.`,
        detail,
      )
    case 410:
      return sinkFault(
        'gone',
        `${says}: the endpoint is closed for good. Check LOGS_INGESTION_ENDPOINT.`,
        detail,
      )
    case 408:
      return transientFault('timeout', `${says}: it did not get the whole request in time.`, detail)
    case 425:
      return transientFault('unavailable', `${says}: too early for it.`, detail)
    case 429:
      return transientFault(
        'throttled',
        `${says}: too much for it. A data collection rule takes 2 GB and 12,000 requests a minute; look for other senders if it lasts.`,
        detail,
      )
  }
  if (status >= 500) {
    return transientFault('unavailable', `${says}. If it lasts, look at Azure's service health.`, detail)
  }
  if (status >= 300 && status < 400) {
    return sinkFault(
      'redirected',
      `${says}: it redirects, and redirects are not followed. Check LOGS_INGESTION_ENDPOINT, and what stands before it.`,
      detail,
    )
  }
  return sinkFault(
    'answerUnexpected',
    `${says}, but the Logs Ingestion API answers ${ACCEPTED}. Check LOGS_INGESTION_ENDPOINT, and what stands before it.`,
    detail,
  )
}
