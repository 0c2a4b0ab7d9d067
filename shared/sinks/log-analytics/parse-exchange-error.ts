import type { Fault } from '../../domain/fault.ts'
import { noTokenFault } from '../http/no-token-fault.ts'
import { exchangeFault as faultOf, parseExchangeError, textOf } from '../http/parse-exchange-error.ts'

/** Errors of `@azure/identity`: without a token the request was never made. */
const NO_TOKEN = /^(?:Aggregate)?(?:Authentication|CredentialUnavailable)(?:Required)?Error$/

const NO_TOKEN_CHECKS =
  'Check that the app has a managed identity, that AZURE_CLIENT_ID is its client id, and that it may get tokens for Azure Monitor.'

const IN_FRONT = 'Check LOGS_INGESTION_ENDPOINT, and what stands in front of it.'
const CHECKS = {
  nameNotResolved:
    "Check LOGS_INGESTION_ENDPOINT; with private endpoints, the DNS zone privatelink.monitor.azure.com and its link to the app's network.",
  certificate: 'Check LOGS_INGESTION_ENDPOINT, and whether a proxy intercepts TLS.',
  tls: IN_FRONT,
  notHttp: IN_FRONT,
  connection: 'If this persists, check that outbound HTTPS to Azure Monitor is allowed.',
} as const

/**
 * What a request without an answer means. The fault includes the error's code or name, never its
 * text.
 * @param host of the endpoint, for the message
 */
export function exchangeFault(error: unknown, host: string): Fault {
  const name = textOf(error, 'name')
  if (NO_TOKEN.test(name))
    return noTokenFault(error, `No token for Log Analytics could be obtained (${name}). ${NO_TOKEN_CHECKS}`)
  const { kind, code } = parseExchangeError(error)
  return faultOf({ kind, code: code || name || typeof error }, `Log Analytics at ${host}`, CHECKS)
}
