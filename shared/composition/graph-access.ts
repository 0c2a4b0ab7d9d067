import type { HttpClient } from '@azure/core-rest-pipeline'
import type { TokenCredential } from '@azure/identity'
import type { Time } from '../domain/time.ts'
import { type GraphClient, graphClient } from '../graph/graph-client.ts'

/** How to access Graph. */
export interface GraphAccess {
  readonly credential: () => Promise<TokenCredential>
  /** Default: everything the identity has been granted. */
  readonly scopes?: readonly string[]
  /** Additional trusted CA, in PEM: that of the local stack. */
  readonly caPem?: string | undefined
}

async function httpClientOf(caPem: string | undefined, time: Time): Promise<HttpClient> {
  if (caPem !== undefined) return (await import('./trusting-client.ts')).trustingClient(caPem)
  return (await import('../azure/bounded-client.ts')).boundedClient(time)
}

/** Creates a Graph client. */
export async function graphClientFor(
  endpoint: string,
  { credential, scopes, caPem }: GraphAccess,
  time: Time,
): Promise<GraphClient> {
  return graphClient({
    endpoint,
    credential: await credential(),
    ...(scopes === undefined ? {} : { scopes }),
    httpClient: await httpClientOf(caPem, time),
    time,
  })
}
