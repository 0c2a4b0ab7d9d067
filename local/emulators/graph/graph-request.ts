import type { IncomingMessage } from 'node:http'
import { readBody } from '../http/read-body.ts'
import type { Exchange } from '../http/receiving-service.ts'
import type { GraphPrincipal } from './graph-options.ts'

/** A request, read. */
export interface GraphRequest {
  readonly method: string
  readonly version: string
  /** Without the version, without a trailing slash; percent-decoded. */
  readonly path: string
  readonly query: URLSearchParams
  /** Scheme, host and port by which the client knows the service. */
  readonly origin: string
  readonly body: string
  /** Whether members of enumerations that came later may be answered. */
  readonly knowsLaterMembers: boolean
  readonly bearer: string
  readonly requestId: string
  readonly clientRequestId: string
  readonly atMs: number
}

/** A request of somebody who is known. */
export interface AuthorizedRequest extends GraphRequest {
  readonly principal: GraphPrincipal
}

const MAX_BODY_BYTES = 4_000_000

/** A request's body. Throws if the sender disconnects or sends more than 4 MB. */
export async function readText(request: IncomingMessage): Promise<string> {
  const body = await readBody(request, MAX_BODY_BYTES)
  if (body === undefined) throw new Error('The body is too large.')
  return body.toString()
}

export const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** @param number distinguishes requests; their id is made of it */
export function graphRequest(
  { method, url, headers }: Exchange,
  body: string,
  number: number,
  atMs: number,
): GraphRequest {
  const origin = `https://${headers.host ?? 'localhost'}`
  const { pathname, searchParams } = new URL(url, origin)
  const [, version = '', path = ''] = /^\/([^/]*)\/?(.*?)\/?$/.exec(pathname) ?? []
  const requestId = `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`
  const clientRequestId = headers['client-request-id']
  return {
    method,
    version,
    path: decoded(path),
    query: searchParams,
    origin,
    body,
    knowsLaterMembers: /\binclude-unknown-enum-members\b/i.test(String(headers['prefer'] ?? '')),
    bearer: /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1] ?? '',
    requestId,
    clientRequestId: typeof clientRequestId === 'string' ? clientRequestId : requestId,
    atMs,
  }
}
