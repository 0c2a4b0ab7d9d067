import {
  type Fault,
  type FaultCode,
  type FaultScope,
  recordFault,
  sinkFault,
  transientFault,
} from '../../domain/fault.ts'
import { parseExchangeError, textOf } from '../http/parse-exchange-error.ts'

interface Meaning {
  readonly code: FaultCode
  readonly scope: FaultScope
  readonly says: string
}

const UNAUTHORIZED: Meaning = {
  code: 'unauthorized',
  scope: 'sink',
  says: 'it does not let this app send. Check that its identity has the role "Azure Event Hubs Data Sender" on the hub, or the key in EVENT_HUB_OUT_CONNECTION_STRING, and the network rules of the namespace.',
}
const NOT_FOUND: Meaning = {
  code: 'notFound',
  scope: 'sink',
  says: 'there is no such hub. Check EVENT_HUB_OUT_NAMESPACE and EVENT_HUB_OUT_NAME.',
}
const BUSY: Meaning = {
  code: 'throttled',
  scope: 'transient',
  says: 'it is busy. If this persists, give the namespace more throughput units.',
}
const UNAVAILABLE: Meaning = {
  code: 'unavailable',
  scope: 'transient',
  says: 'it cannot take events now. If this persists, check the namespace.',
}

/** What codes of the client mean; they are those of the service, by other names. */
const MEANINGS: ReadonlyMap<string, Meaning> = new Map([
  ['UnauthorizedError', UNAUTHORIZED],
  ['PublisherRevokedError', UNAUTHORIZED],
  ['MessagingEntityNotFoundError', NOT_FOUND],
  ['MessagingEntityDisabledError', { ...NOT_FOUND, says: 'the hub is disabled. Enable it.' }],
  ['ServerBusyError', BUSY],
  ['QuotaExceededError', BUSY],
  [
    'MessageTooLargeError',
    { code: 'tooLarge', scope: 'record', says: 'it does not take events of this size.' },
  ],
])
/** What the client of Entra ID throws. */
const NO_TOKEN =
  /^(?:AuthenticationError|AuthenticationRequiredError|CredentialUnavailableError|AggregateAuthenticationError)$/

const MAKE = { transient: transientFault, sink: sinkFault, record: recordFault } as const

/** The fault if no answer came in time. */
export const hubTimeout = (host: string): Fault =>
  transientFault('timeout', `There was no answer from the event hub at ${host} in time.`)

/** The fault for what the client of the hub threw. Includes the error's code, never its text. */
export function hubFault(error: unknown, host: string): Fault {
  // Node tries several addresses at once, and reports all.
  const cause: unknown = error instanceof AggregateError ? error.errors[0] : error
  const [name, code] = [textOf(cause, 'name'), textOf(cause, 'code')]
  if (name === 'AbortError' || code === 'OperationTimeoutError') return hubTimeout(host)
  const { kind } = parseExchangeError(cause)
  const at = `The event hub at ${host}`
  if (kind === 'nameNotResolved')
    return sinkFault(
      kind,
      `The name of ${host} does not resolve. Check EVENT_HUB_OUT_NAMESPACE and the DNS servers that this app uses.`,
    )
  if (kind === 'certificate' || kind === 'tls')
    return sinkFault(
      'certificateRejected',
      `${at} did not show a certificate that is trusted (${code}). Check what stands in front of it.`,
    )
  const meaning = NO_TOKEN.test(name) ? UNAUTHORIZED : MEANINGS.get(code)
  if (meaning !== undefined) return MAKE[meaning.scope](meaning.code, `${at} refused: ${meaning.says}`)
  return /^E[A-Z]+$/.test(code)
    ? transientFault(
        'unreachable',
        `The connection to the event hub at ${host} failed (${code}). If this persists, check that no firewall blocks it.`,
      )
    : transientFault(
        UNAVAILABLE.code,
        `${at} did not take the events${code === '' ? '' : ` (${code})`}: ${UNAVAILABLE.says}`,
      )
}
