import { type Fault, sinkFault, transientFault } from '../../domain/fault.ts'
import { InvariantError } from '../../domain/invariant-error.ts'
import { addressFault } from './guard.ts'

/** Codes of OpenSSL's verification and Node's own, as `tls` reports them. */
const CERTIFICATE =
  /^(?:CERT_|CRL_|DEPTH_ZERO_|ERR_TLS_CERT_|ERROR_IN_C|HOSTNAME_MISMATCH|INVALID_(?:CA|PURPOSE)|PATH_LENGTH|SELF_SIGNED_|UNABLE_TO_|UND_ERR_PRX_TLS)/

/** Codes of undici for an answer that is not HTTP; for most of them it sets only a name. */
const NOT_HTTP = new Set(['ERR_ASSERTION', 'UND_ERR_HEADERS_OVERFLOW', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH'])
const CUT_OFF = 'HPE_INVALID_EOF_STATE'

const isNotHttp = (error: unknown, code: string): boolean =>
  code !== CUT_OFF &&
  (textOf(error, 'name') === 'HTTPParserError' || code.startsWith('HPE_') || NOT_HTTP.has(code))

/** A text property of whatever was thrown. */
const textOf = (error: unknown, property: 'code' | 'name' | 'message'): string => {
  if (typeof error !== 'object' || error === null || !(property in error)) return ''
  const value: unknown = Reflect.get(error, property)
  return typeof value === 'string' ? value : ''
}

/** What an operator reads when nothing came back in time. */
export const timeoutFault = (host: string): Fault =>
  transientFault('timeout', `The webhook receiver ${host} did not answer in time.`)

/** undici tells what a proxy answered to CONNECT only in words: `Proxy response (403) !== 200 …`. */
function proxyFault(status: string, receiver: string): Fault {
  const message = `The proxy does not let us through to ${receiver} (${status || 'no answer'}). Check WEBHOOK_PROXY_URL, the proxy's rules and its log.`
  return status.startsWith('4') ? sinkFault('unreachable', message) : transientFault('unreachable', message)
}

/**
 * What a failed exchange means. Nothing of the error's own text goes into the fault, only its code.
 * @throws InvariantError for what only a bug of ours can bring about
 */
export function connectionFault(error: unknown, host: string): Fault {
  const code = textOf(error, 'code')
  const receiver = `the webhook receiver ${host}`
  if (isNotHttp(error, code)) {
    return sinkFault(
      'answerUnexpected',
      `What answers at ${host}, or at the proxy before it, does not speak HTTP${code === '' ? '' : ` (${code})`}. Check WEBHOOK_URL and WEBHOOK_PROXY_URL.`,
    )
  }
  switch (code) {
    case 'ERR_ADDRESS_NOT_ALLOWED':
      return addressFault(host)
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'ENODATA':
      return sinkFault(
        'nameNotResolved',
        `The name of ${receiver} does not resolve (${code}). Check WEBHOOK_URL, and the name servers that this app uses.`,
      )
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'UND_ERR_HEADERS_TIMEOUT':
    case 'UND_ERR_BODY_TIMEOUT':
    case 'ETIMEDOUT':
      return timeoutFault(host)
    case 'UND_ERR_ABORTED':
      return proxyFault(/\((\d{3})\)/.exec(textOf(error, 'message'))?.[1] ?? '', receiver)
    case 'UND_ERR_INVALID_ARG':
    case '':
      throw new InvariantError(`exchange with the webhook receiver: ${textOf(error, 'name') || typeof error}`)
  }
  if (CERTIFICATE.test(code)) {
    return sinkFault(
      'certificateRejected',
      `The certificate of ${receiver} was not accepted (${code}). Check that it is valid, issued for this host name and by a public authority or the one of WEBHOOK_CA_PEM.`,
    )
  }
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_')) {
    return sinkFault(
      'certificateRejected',
      `There is no common ground for TLS with ${receiver} (${code}). Check that WEBHOOK_URL names a port that speaks TLS 1.2 or later.`,
    )
  }
  return transientFault(
    'unreachable',
    `The connection to ${receiver} failed (${code}). If it lasts, check that the receiver is up and no firewall stands between.`,
  )
}
