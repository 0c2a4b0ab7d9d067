import { type Fault, sinkFault, transientFault } from '../../domain/fault.ts'

/** Codes of OpenSSL's verification and Node's own, as `tls` reports them. */
const CERTIFICATE =
  /^(?:CERT_|CRL_|DEPTH_ZERO_|ERR_TLS_CERT_|ERROR_IN_C|HOSTNAME_MISMATCH|INVALID_(?:CA|PURPOSE)|PATH_LENGTH|SELF_SIGNED_|UNABLE_TO_)/

/** Errors of `@azure/identity`: the request was never made, for want of a token. */
const NO_TOKEN = /^(?:Aggregate)?(?:Authentication|CredentialUnavailable)(?:Required)?Error$/

const textOf = (error: unknown, property: 'code' | 'name' | 'message'): string => {
  if (typeof error !== 'object' || error === null || !(property in error)) return ''
  const value: unknown = Reflect.get(error, property)
  return typeof value === 'string' ? value : ''
}

const NO_TOKEN_CHECKS =
  'Check that the app has a managed identity, that AZURE_CLIENT_ID is its client id, and that it may get tokens for Azure Monitor.'

/** No answer within the time that the caller had. */
export const timeoutFault = (stream: string): Fault =>
  transientFault('timeout', `Log Analytics did not answer in time for the stream ${stream}.`)

/**
 * What a request that got no answer means. Nothing of the error's own text goes into the fault, only its code or name.
 * @param host of the endpoint, for the message
 */
export function exchangeFault(error: unknown, host: string): Fault {
  const name = textOf(error, 'name')
  if (NO_TOKEN.test(name)) {
    // The credential wraps whatever happened; only this one passes by itself.
    return /Network unreachable|network_error/.test(textOf(error, 'message'))
      ? transientFault('unreachable', `The managed identity endpoint could not be reached (${name}).`)
      : sinkFault('unauthorized', `No token for Log Analytics could be had (${name}). ${NO_TOKEN_CHECKS}`)
  }
  const code = textOf(error, 'code')
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return sinkFault(
      'nameNotResolved',
      `The name ${host} does not resolve (${code}). Check LOGS_INGESTION_ENDPOINT; with private endpoints, the DNS zone privatelink.monitor.azure.com and its link to the app's network.`,
    )
  }
  if (CERTIFICATE.test(code)) {
    return sinkFault(
      'certificateRejected',
      `The certificate of ${host} was not accepted (${code}). Check LOGS_INGESTION_ENDPOINT, and whether a proxy opens TLS on the way.`,
    )
  }
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_')) {
    return sinkFault(
      'certificateRejected',
      `There is no common ground for TLS with ${host} (${code}). Check LOGS_INGESTION_ENDPOINT, and what stands before it.`,
    )
  }
  if (code.startsWith('HPE_') && code !== 'HPE_INVALID_EOF_STATE') {
    return sinkFault(
      'answerUnexpected',
      `What answers at ${host} does not speak HTTP (${code}). Check LOGS_INGESTION_ENDPOINT, and what stands before it.`,
    )
  }
  return transientFault(
    'unreachable',
    `The connection to ${host} failed (${code || name || typeof error}). If it lasts, check that outbound HTTPS to Azure Monitor is allowed.`,
  )
}
