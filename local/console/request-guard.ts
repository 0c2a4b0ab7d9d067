import type { IncomingMessage } from 'node:http'

/** Why a request is not answered. */
export interface Refusal {
  readonly status: number
  readonly problem: string
}

/**
 * Admits only requests that name this server by its loopback address: with DNS rebinding, a foreign
 * page sends its own name. Requests that change something must not come from another origin.
 */
export function guardRequest({ headers, method }: IncomingMessage, port: number): Refusal | undefined {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`]
  if (headers.host === undefined || !hosts.includes(headers.host.toLowerCase()))
    return { status: 421, problem: `This server answers as ${hosts.join(' or ')} only.` }
  const { origin } = headers
  if (
    method !== 'GET' &&
    method !== 'HEAD' &&
    origin !== undefined &&
    !hosts.some((host) => origin === `http://${host}`)
  )
    return { status: 403, problem: 'Sent from a page of another origin.' }
  return undefined
}
