import type { IncomingMessage } from 'node:http'
import type { TriggerInput } from '../core/invoke.ts'
import type { RpcStrings } from '../core/rpc-data.ts'
import type { RouteParameters } from './route.ts'

/** A request as the host passes it to a function. */
export function httpInput(
  request: IncomingMessage,
  url: URL,
  parameters: RouteParameters,
  body: Buffer,
): TriggerInput {
  const headers = Object.entries(request.headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value] as const],
  )
  return {
    data: {
      http: {
        method: request.method ?? 'GET',
        url: url.href,
        nullableHeaders: strings(headers),
        nullableQuery: strings([...url.searchParams]),
        nullableParams: strings(Object.entries(parameters)),
        ...(body.length > 0 && { body: { bytes: body } }),
      },
    },
  }
}

function strings(entries: readonly (readonly [string, string])[]): RpcStrings {
  return Object.fromEntries(entries.map(([name, value]) => [name, { value }]))
}
