import { createSecureContext, rootCertificates } from 'node:tls'
import type { Dispatcher } from 'undici'
import Agent from 'undici/lib/dispatcher/agent.js'
import type { Destination } from './destination.ts'
import { guardedLookup } from './guarded-lookup.ts'

const CONNECT_TIMEOUT_MS = 10_000
/** A last resort: deliveries end by DELIVERY_TIMEOUT_MS or the budget of redelivery. */
const HEADERS_TIMEOUT_MS = 120_000
const BODY_TIMEOUT_MS = 5_000
const MAX_CONNECTIONS = 16

type DispatcherOptions = Pick<
  Destination,
  'allowPrivateAddresses' | 'caPem' | 'clientPem' | 'proxyUrl' | 'lookup'
>

/** Once, not per connection: reading a hundred and fifty root certificates takes milliseconds. */
const secureContext = ({ caPem, clientPem }: DispatcherOptions) =>
  createSecureContext({
    minVersion: 'TLSv1.2',
    ...(caPem === undefined ? {} : { ca: [...rootCertificates, caPem] }),
    ...(clientPem === undefined ? {} : { cert: clientPem, key: clientPem }),
  })

/**
 * Connections to the receiver: kept alive, bounded in number and time, redirects never followed,
 * addresses checked.
 */
export async function openDispatcher(options: DispatcherOptions): Promise<Dispatcher> {
  const tls = { secureContext: secureContext(options), timeout: CONNECT_TIMEOUT_MS }
  const bounds = {
    connections: MAX_CONNECTIONS,
    pipelining: 1,
    headersTimeout: HEADERS_TIMEOUT_MS,
    bodyTimeout: BODY_TIMEOUT_MS,
    allowH2: false,
  }
  if (options.proxyUrl !== undefined) {
    // The proxy agent works only with the index loaded, which completes all dispatchers.
    const { ProxyAgent } = await import('undici')
    return new ProxyAgent({
      ...bounds,
      uri: options.proxyUrl,
      requestTls: tls,
      proxyTls: { timeout: CONNECT_TIMEOUT_MS },
    })
  }
  const resolver = options.allowPrivateAddresses
    ? options.lookup === undefined
      ? {}
      : { lookup: options.lookup }
    : { lookup: guardedLookup(options.lookup) }
  return new Agent({ ...bounds, connect: { ...tls, ...resolver } })
}
