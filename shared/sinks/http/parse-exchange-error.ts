import { type Fault, sinkFault, transientFault } from '../../domain/fault.ts'

/** Why an exchange got no answer. `code`: the error's, safe to show; empty if it has none. */
export interface ExchangeError {
  readonly kind: 'nameNotResolved' | 'certificate' | 'tls' | 'notHttp' | 'timeout' | 'connection'
  readonly code: string
}

/** Certificate error codes of OpenSSL and Node, as `tls` reports them. */
const CERTIFICATE =
  /^(?:CERT_|CRL_|DEPTH_ZERO_|ERR_TLS_CERT_|ERROR_IN_C|HOSTNAME_MISMATCH|INVALID_(?:CA|PURPOSE)|PATH_LENGTH|SELF_SIGNED_|UNABLE_TO_|UND_ERR_PRX_TLS)/

const NAME = /^(?:ENOTFOUND|EAI_AGAIN|ENODATA)$/
const TIMEOUT = /^(?:ETIMEDOUT|UND_ERR_(?:CONNECT|HEADERS|BODY)_TIMEOUT)$/
/** undici's codes for an answer that is not HTTP; most are only set as a name. */
const NOT_HTTP = /^(?:ERR_ASSERTION|UND_ERR_HEADERS_OVERFLOW|UND_ERR_RES_CONTENT_LENGTH_MISMATCH|HPE_.*)$/
const CUT_OFF = 'HPE_INVALID_EOF_STATE'

/** A string property of anything thrown. */
export const textOf = (error: unknown, property: 'code' | 'name' | 'message'): string => {
  if (typeof error !== 'object' || error === null || !(property in error)) return ''
  const value: unknown = Reflect.get(error, property)
  return typeof value === 'string' ? value : ''
}

/** Classifies what Node, OpenSSL or undici threw. */
export function parseExchangeError(error: unknown): ExchangeError {
  const code = textOf(error, 'code')
  const kindOf = (): ExchangeError['kind'] => {
    if (code !== CUT_OFF && (NOT_HTTP.test(code) || textOf(error, 'name') === 'HTTPParserError'))
      return 'notHttp'
    if (NAME.test(code)) return 'nameNotResolved'
    if (TIMEOUT.test(code)) return 'timeout'
    if (CERTIFICATE.test(code)) return 'certificate'
    return code === 'EPROTO' || code.startsWith('ERR_SSL_') ? 'tls' : 'connection'
  }
  return { kind: kindOf(), code }
}

/**
 * The sink's fault for it. Includes the error's code, never its text.
 * @param service as in `The connection to the webhook receiver siem.example failed`
 * @param checks what to check, in whole sentences, by what happened
 */
export function exchangeFault(
  { kind, code }: ExchangeError,
  service: string,
  checks: Readonly<Record<Exclude<ExchangeError['kind'], 'timeout'>, string>>,
): Fault {
  if (kind === 'timeout') return timeoutFault(service)
  const says = (what: string): string => `${what}${code === '' ? '' : ` (${code})`}. ${checks[kind]}`
  switch (kind) {
    case 'nameNotResolved':
      return sinkFault(kind, says(`The name of ${service} does not resolve`))
    case 'certificate':
      return sinkFault('certificateRejected', says(`The certificate of ${service} was not accepted`))
    case 'tls':
      return sinkFault('certificateRejected', says(`TLS with ${service} could not be negotiated`))
    case 'notHttp':
      return sinkFault('answerUnexpected', says(`The response of ${service} is not HTTP`))
    case 'connection':
      return transientFault('unreachable', says(`The connection to ${service} failed`))
  }
}

/** The fault if no answer came in time. */
export const timeoutFault = (service: string): Fault =>
  transientFault('timeout', `There was no answer from ${service} in time.`)
