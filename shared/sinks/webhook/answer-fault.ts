import { type Fault, type FaultCode, sinkFault } from '../../domain/fault.ts'
import { answerDetail, statusFault } from '../http/status-fault.ts'
import { type Answer, isAccepted } from './answer.ts'

/** One answer for several outcomes, in a body without an agreed format. */
const MULTI_STATUS = 207

/** What to check, in whole sentences. */
function check(code: FaultCode): string {
  switch (code) {
    case 'payloadRefused':
      return 'Check that WEBHOOK_FORMAT is what the receiver expects, and check the log of the receiver.'
    case 'tooLarge':
      return "Lower WEBHOOK_MAX_BYTES, or raise the receiver's limit."
    case 'unauthorized':
      return 'Check WEBHOOK_SECRET and WEBHOOK_TOKEN against the receiver, its clock (signatures are refused when it is off by minutes) and its address filter; behind a proxy, WEBHOOK_PROXY_URL.'
    case 'notFound':
      return 'Check the path of WEBHOOK_URL.'
    case 'gone':
      return "Ask the receiver's owner for a new WEBHOOK_URL."
    case 'redirected':
      return 'Set WEBHOOK_URL to the final address.'
    case 'unavailable':
      return 'If this persists, check the receiver and what stands in front of it.'
    case 'answerUnexpected':
      return 'Check WEBHOOK_URL, WEBHOOK_FORMAT and what stands in front of the receiver.'
    default:
      return ''
  }
}

/**
 * Why an answer means "not delivered"; `undefined` if delivered.
 * @param host of the receiver, for the message
 */
export function answerFault(answer: Answer, host: string): Fault | undefined {
  const { status, isHtmlPage } = answer
  if (isAccepted(status) && !isHtmlPage && status !== MULTI_STATUS) return undefined
  const answered = `The webhook receiver ${host} answered ${status}`
  if (!isHtmlPage) return statusFault(answer, answered, check)
  return sinkFault(
    'answerUnexpected',
    `${answered} with a web page, as a sign-in page or a firewall does, not an event receiver. Check WEBHOOK_URL and what stands in front of the receiver.`,
    answerDetail(answer),
  )
}
