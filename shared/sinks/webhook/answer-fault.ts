import { type Fault, type FaultCode, sinkFault } from '../../domain/fault.ts'
import { answerDetail, statusFault } from '../http/status-fault.ts'
import { type Answer, isAccepted } from './answer.ts'
import type { Receiver } from './destination.ts'

/** One answer for several outcomes, in a body without an agreed format. */
const MULTI_STATUS = 207

/**
 * What to check, in whole sentences.
 * @param at what the names of the settings begin with
 */
function check(code: FaultCode, at: string): string {
  switch (code) {
    case 'payloadRefused':
      return `Check that ${at}FORMAT is what the receiver expects, and check the log of the receiver.`
    case 'tooLarge':
      return `Lower ${at}MAX_BYTES, or raise the receiver's limit.`
    case 'unauthorized':
      return `Check ${at}SECRET and ${at}TOKEN against the receiver, its clock (signatures are refused when it is off by minutes) and its address filter; behind a proxy, ${at}PROXY_URL.`
    case 'notFound':
      return `Check the path of ${at}URL.`
    case 'gone':
      return `Ask the receiver's owner for a new ${at}URL.`
    case 'redirected':
      return `Set ${at}URL to the final address.`
    case 'unavailable':
      return 'If this persists, check the receiver and what stands in front of it.'
    case 'answerUnexpected':
      return `Check ${at}URL, ${at}FORMAT and what stands in front of the receiver.`
    default:
      return ''
  }
}

/** Why an answer means "not delivered"; `undefined` if delivered. */
export function answerFault(answer: Answer, { host, settingsPrefix }: Receiver): Fault | undefined {
  const { status, isHtmlPage } = answer
  if (isAccepted(status) && !isHtmlPage && status !== MULTI_STATUS) return undefined
  const answered = `The webhook receiver ${host} answered ${status}`
  if (!isHtmlPage) return statusFault(answer, answered, (code) => check(code, settingsPrefix))
  return sinkFault(
    'answerUnexpected',
    `${answered} with a web page, as a sign-in page or a firewall does, not an event receiver. Check ${settingsPrefix}URL and what stands in front of the receiver.`,
    answerDetail(answer),
  )
}
