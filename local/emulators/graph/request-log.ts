import type { GraphRequest } from './graph-request.ts'

/** A request and how it was answered; without its token. */
export interface LoggedRequest {
  readonly method: string
  /** Version, path and query, decoded: `/v1.0/organization?$select=id`. */
  readonly target: string
  /** Empty for reads. */
  readonly body: string
  readonly status: number
  /** Object id of the principal; `undefined` if the token was nobody's. */
  readonly principalId: string | undefined
  readonly requestId: string
  readonly knowsLaterMembers: boolean
  readonly atMs: number
}

const MAX_REQUESTS = 10_000

/** The last 10,000 requests that were answered, without those that a script handled. */
export class RequestLog {
  readonly #requests: LoggedRequest[] = []

  get requests(): readonly LoggedRequest[] {
    return this.#requests
  }

  add(request: GraphRequest, status: number, principalId: string | undefined): void {
    const { method, version, path, query, body, requestId, knowsLaterMembers, atMs } = request
    const options = [...query].map(([name, value]) => `${name}=${value}`).join('&')
    const target = `/${version}/${path}${options === '' ? '' : `?${options}`}`
    this.#requests.push({ method, target, body, status, principalId, requestId, knowsLaterMembers, atMs })
    if (this.#requests.length > MAX_REQUESTS) this.#requests.shift()
  }

  clear(): void {
    this.#requests.length = 0
  }
}
