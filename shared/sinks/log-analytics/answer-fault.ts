import { type Fault, type FaultCode, sinkFault } from '../../domain/fault.ts'
import { answerDetail, statusFault } from '../http/status-fault.ts'
import { ACCEPTED, type Answer } from './answer.ts'

const IN_FRONT = 'Check LOGS_INGESTION_ENDPOINT, and what stands in front of it.'

/** What to check, in whole sentences. */
function check(code: FaultCode, status: number): string {
  switch (code) {
    case 'payloadRefused':
      return "Check the stream's columns in the data collection rule against infra/tables.json."
    case 'tooLarge':
      return 'A request may have at most 1 MB, before and after compression.'
    case 'unauthorized':
      return status === 401
        ? 'Check that the managed identity belongs to the tenant of the data collection rule, and AZURE_CLIENT_ID.'
        : "Check that the app's identity has the role Monitoring Metrics Publisher on the data collection rule itself; a new assignment takes up to 30 minutes. Behind a private link, check that the endpoint belongs to the rule."
    case 'notFound':
      return 'Check that LOGS_INGESTION_RULE_ID is the immutable id of the data collection rule and LOGS_INGESTION_ENDPOINT its own logs ingestion endpoint.'
    case 'gone':
      return 'Check LOGS_INGESTION_ENDPOINT.'
    case 'throttled':
      return 'A data collection rule accepts 2 GB and 12,000 requests a minute; if this persists, look for other senders.'
    case 'unavailable':
      return "If this persists, check Azure's service health."
    case 'redirected':
      return IN_FRONT
    case 'answerUnexpected':
      return `The Logs Ingestion API answers ${ACCEPTED}. ${IN_FRONT}`
    default:
      return ''
  }
}

/**
 * Why an answer means "not taken"; `undefined` where the rows were taken.
 * @param stream to which the rows went, for the message
 */
export function answerFault(answer: Answer, stream: string): Fault | undefined {
  const { status, errorCode } = answer
  if (status === ACCEPTED) return undefined
  const answered = `Log Analytics answered ${status}${errorCode === undefined ? '' : ` ${errorCode}`} for the stream ${stream}`
  const fault = statusFault(answer, answered, (code) => check(code, status))
  // A stream that the rule does not declare is no fault of the rows.
  const isUndeclared = fault.code === 'payloadRefused' && errorCode !== undefined && /stream/i.test(errorCode)
  if (!isUndeclared) return fault
  return sinkFault(
    'notFound',
    `${answered}. Check that the data collection rule declares this stream: deploy the infrastructure of this version.`,
    answerDetail(answer),
  )
}
