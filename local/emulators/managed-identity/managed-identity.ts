import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { issueToken, readToken } from './token.ts'

export interface ManagedIdentityOptions {
  /** The value callers must send as `X-IDENTITY-HEADER`, and the key that signs tokens. */
  readonly header: string
  /** Client id of the only identity; callers that name another get no token. Default: any. */
  readonly clientId?: string
  readonly nowMs: () => number
  /** Default 24 hours, as in Azure. */
  readonly tokenLifetimeMs?: number
  /** Default: a free port. */
  readonly port?: number
}

/**
 * The managed identity endpoint of App Service. Source:
 * https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference
 */
export interface ManagedIdentity {
  /** Value for IDENTITY_ENDPOINT: plain http on 127.0.0.1, as in Azure. */
  readonly url: string
  /** Value for IDENTITY_HEADER. */
  readonly header: string
  /**
   * Whether a token was issued here, for this audience, and has not expired.
   * @param holder client id of the identity that it was asked for by; default: any
   */
  isValid(token: string, audience: string, holder?: string): boolean
  /** Tokens issued so far. */
  issued(): number
  stop(): Promise<void>
}

interface Reply {
  readonly status: number
  readonly body: object
}

const API_VERSION = '2019-08-01'
const DAY_MS = 86_400_000

const refused = (status: number, message: string): Reply => ({
  status,
  body: { statusCode: status, message },
})

/** Starts the endpoint; `ManagedIdentityCredential` finds it by the two variables. */
export async function startManagedIdentity(options: ManagedIdentityOptions): Promise<ManagedIdentity> {
  const { header, clientId, nowMs, tokenLifetimeMs = DAY_MS } = options
  let issued = 0

  function answer({ method, url = '', headers }: IncomingMessage): Reply {
    const { pathname, searchParams } = new URL(url, 'http://127.0.0.1')
    if (method !== 'GET' || pathname !== '/msi/token') return refused(404, 'No such page.')
    if (headers['x-identity-header'] !== header)
      return refused(401, 'X-IDENTITY-HEADER is not the one expected.')
    if (searchParams.get('api-version') !== API_VERSION)
      return refused(400, `api-version must be ${API_VERSION}.`)
    const resource = searchParams.get('resource')
    if (resource === null || resource === '') return refused(400, 'resource is missing.')
    const wanted = searchParams.get('client_id')
    if (clientId !== undefined && wanted !== clientId)
      return refused(400, 'No managed identity has this client_id.')
    const exp = Math.floor((nowMs() + tokenLifetimeMs) / 1000)
    issued += 1
    return {
      status: 200,
      body: {
        access_token: issueToken(
          { aud: resource, exp, uti: String(issued), ...(wanted === null ? {} : { oid: wanted }) },
          header,
        ),
        client_id: wanted ?? '',
        expires_on: String(exp),
        resource,
        token_type: 'Bearer',
      },
    }
  }

  const server = createServer((request, response) => {
    const { status, body } = answer(request)
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  server.listen(options.port ?? 0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/msi/token`,
    header,
    isValid: (token, audience, holder) => {
      const claims = readToken(token, header)
      if (claims === undefined || (holder !== undefined && claims.oid !== holder)) return false
      return claims.aud === audience && claims.exp * 1000 > nowMs()
    },
    issued: () => issued,
    stop: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
