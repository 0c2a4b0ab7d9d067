import { type Fault, sinkFault, transientFault } from '../../domain/fault.ts'
import { InvariantError } from '../../domain/invariant-error.ts'
import { exchangeFault, parseExchangeError, textOf, timeoutFault } from '../http/parse-exchange-error.ts'
import type { Receiver } from './destination.ts'
import { addressFault } from './guard.ts'

/** The receiver, as named in faults. */
export const receiverAt = (host: string): string => `the webhook receiver ${host}`

/** The fault if no answer came in time. */
export const noAnswerInTime = (host: string): Fault => timeoutFault(receiverAt(host))

/** @param at what the names of the settings begin with */
const checks = (at: string) => ({
  nameNotResolved: `Check ${at}URL, and the DNS servers that this app uses.`,
  certificate: `Check that it is valid, issued for this host name, and by a public authority or the one in ${at}CA_PEM.`,
  tls: `Check that ${at}URL names a port that speaks TLS 1.2 or later and, if the receiver asks for a certificate, ${at}CLIENT_PEM.`,
  notHttp: `Check ${at}URL and ${at}PROXY_URL.`,
  // With TLS 1.3, a receiver that refuses our certificate only closes the connection.
  connection: `If this persists, check that the receiver is up, that no firewall blocks the connection and, if the receiver asks for a certificate, ${at}CLIENT_PEM.`,
})

/** undici reports a proxy's answer to CONNECT only as text: `Proxy response (403) !== 200 …`. */
function proxyFault(status: string, { host, settingsPrefix: at }: Receiver): Fault {
  const message = `The proxy refuses to connect to ${receiverAt(host)} (${status || 'no answer'}). Check ${at}PROXY_URL, the proxy's rules and its log.`
  return status.startsWith('4') ? sinkFault('unreachable', message) : transientFault('unreachable', message)
}

/**
 * The fault for a failed exchange.
 * @throws InvariantError for what only a bug of ours can cause
 */
export function connectionFault(error: unknown, receiver: Receiver): Fault {
  const parsed = parseExchangeError(error)
  if (parsed.kind === 'connection') {
    switch (parsed.code) {
      case 'ERR_ADDRESS_NOT_ALLOWED':
        return addressFault(receiver)
      case 'UND_ERR_ABORTED':
        return proxyFault(/\((\d{3})\)/.exec(textOf(error, 'message'))?.[1] ?? '', receiver)
      case 'UND_ERR_INVALID_ARG':
      case '':
        throw new InvariantError(
          `exchange with the webhook receiver: ${textOf(error, 'name') || typeof error}`,
        )
    }
  }
  return exchangeFault(parsed, receiverAt(receiver.host), checks(receiver.settingsPrefix))
}
