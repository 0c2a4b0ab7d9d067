import type { HttpClient } from '@azure/core-rest-pipeline'
import type { TokenCredential } from '@azure/identity'
import type { Time } from '../domain/time.ts'
import { type GraphClient, graphClient } from '../graph/graph-client.ts'

/** How Graph is asked. */
export interface GraphAccess {
  readonly credential: () => Promise<TokenCredential>
  /** Default: all that the identity has been granted. */
  readonly scopes?: readonly string[]
  /** Trusted besides the public authorities: PEM of the embedded stack's. */
  readonly caPem?: string | undefined
}

async function httpClientOf(caPem: string | undefined, time: Time): Promise<HttpClient> {
  if (caPem !== undefined) return (await import('./trusting-client.ts')).trustingClient(caPem)
  return (await import('../azure/bounded-client.ts')).boundedClient(time)
}

/** A client for Graph with this access. */
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
