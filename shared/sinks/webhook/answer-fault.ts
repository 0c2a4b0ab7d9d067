import { type Fault, recordFault, sinkFault, transientFault } from '../../domain/fault.ts'
import { type Answer, isAccepted } from './answer.ts'

/** One answer for several outcomes, which are in a body of a form that nobody has agreed on. */
const MULTI_STATUS = 207

/**
 * Why an answer means "not delivered"; `undefined` where it means that it is.
 * What only an operator can mend has the scope `sink`: a wrong secret must not bury a day's events.
 * @param host of the receiver, for the message
 */
export function answerFault({ status, retryAfterMs, isPage }: Answer, host: string): Fault | undefined {
  if (isAccepted(status) && !isPage && status !== MULTI_STATUS) return undefined
  const detail = { status, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) }
  const says = `The webhook receiver ${host} answered ${status}`
  if (isPage) {
    return sinkFault(
      'answerUnexpected',
      `${says} with a web page, which no receiver of events does: a sign-in page, or a firewall's. Check WEBHOOK_URL and what stands before the receiver.`,
      detail,
    )
  }
  switch (status) {
    case 400:
    case 422:
      return recordFault(
        'payloadRefused',
        `${says}: it does not take this payload. Check that WEBHOOK_FORMAT is what the receiver expects; its log says more.`,
        detail,
      )
    case 413:
      return recordFault(
        'tooLarge',
        `${says}: the payload is too large for it. Lower WEBHOOK_MAX_BYTES, or raise the receiver's limit.`,
        detail,
      )
    case 401:
    case 403:
      return sinkFault(
        'unauthorized',
        `${says}. Check WEBHOOK_SECRET and WEBHOOK_TOKEN against the receiver, its clock (signatures are refused when it is off by minutes) and its address filter.`,
        detail,
      )
    case 407:
      return sinkFault(
        'unauthorized',
        `${says}: the proxy asks for credentials. Check WEBHOOK_PROXY_URL.`,
        detail,
      )
    case 404:
    case 405:
      return sinkFault('notFound', `${says}. Check the path of WEBHOOK_URL.`, detail)
    case 410:
      return sinkFault(
        'gone',
        `${says}: the endpoint is closed for good. Ask the receiver's owner for a new WEBHOOK_URL.`,
        detail,
      )
    case 408:
      return transientFault('timeout', `${says}: it did not get the whole request in time.`, detail)
    case 429:
      return transientFault('throttled', `${says}: too many requests for it.`, detail)
    case 425:
      return transientFault('unavailable', `${says}: too early for it.`, detail)
  }
  if (status >= 500) {
    return transientFault(
      'unavailable',
      `${says}. If it lasts, look at the receiver and at what stands before it.`,
      detail,
    )
  }
  if (status >= 300 && status < 400) {
    return sinkFault(
      'redirected',
      `${says}: it redirects, and redirects are not followed. Set WEBHOOK_URL to the final address.`,
      detail,
    )
  }
  return sinkFault(
    'answerUnexpected',
    `${says}, which is not expected of a webhook receiver. Check WEBHOOK_URL, WEBHOOK_FORMAT and what stands before the receiver.`,
    detail,
  )
}
